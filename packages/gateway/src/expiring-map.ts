interface Entry<Value> {
  readonly value: Value;
  readonly untilMs: number;
}

/**
 * A map whose entries expire after a fixed time. Above the size limit, the oldest entries are
 * evicted.
 */
export class ExpiringMap<Key, Value> {
  readonly #lifetimeMs: number;
  readonly #entriesMax: number;
  /**
   * Entries in insertion order. They expire in this order too, unless an entry was inserted with
   * an age.
   */
  readonly #entries = new Map<Key, Entry<Value>>();

  constructor(lifetimeMs: number, entriesMax: number) {
    this.#lifetimeMs = lifetimeMs;
    this.#entriesMax = entriesMax;
  }

  /** Number of entries, including expired ones that are not yet removed. */
  get size(): number {
    return this.#entries.size;
  }

  set(key: Key, value: Value, nowMs: number, ageMs = 0): void {
    this.#entries.delete(key);
    this.forgetExpired(nowMs);
    if (this.#entries.size >= this.#entriesMax) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest);
        break;
      }
    }
    this.#entries.set(key, { value, untilMs: nowMs - ageMs + this.#lifetimeMs });
  }

  get(key: Key, nowMs: number): Value | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.untilMs > nowMs ? entry.value : undefined;
  }

  has(key: Key, nowMs: number): boolean {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.untilMs > nowMs;
  }

  /** Returns the time when the entry expires. Null without a live entry. */
  expiresAtMs(key: Key, nowMs: number): number | null {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.untilMs > nowMs ? entry.untilMs : null;
  }

  delete(key: Key): void {
    this.#entries.delete(key);
  }

  /**
   * Removes expired entries, starting with the oldest. Stops at the first live entry, so an
   * expired entry behind it stays longer.
   */
  forgetExpired(nowMs: number): void {
    for (const [key, entry] of this.#entries) {
      if (entry.untilMs > nowMs) return;
      this.#entries.delete(key);
    }
  }
}

/**
 * Returns a journal record's age by the wall clock, clamped between 0 and `lifetimeMs`. After a
 * clock change, an entry therefore doesn't expire later than one lifetime after the restart.
 */
export function trustedAgeMs(atWallMs: number, nowWallMs: number, lifetimeMs: number): number {
  return Math.min(Math.max(nowWallMs - atWallMs, 0), lifetimeMs);
}
