interface Entry<Value> {
  readonly value: Value;
  readonly untilMs: number;
}

/** Entries expire after a fixed monotonic lifetime; above the limit the oldest are evicted. */
export class ExpiringMap<Key, Value> {
  readonly #lifetimeMs: number;
  readonly #entriesMax: number;
  /** In insertion order, which is expiry order except for entries inserted with an age. */
  readonly #entries = new Map<Key, Entry<Value>>();

  constructor(lifetimeMs: number, entriesMax: number) {
    this.#lifetimeMs = lifetimeMs;
    this.#entriesMax = entriesMax;
  }

  /** Includes expired entries that were not removed yet. */
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

  delete(key: Key): void {
    this.#entries.delete(key);
  }

  /** Removes expired entries from the oldest; some behind a younger entry stay longer. */
  forgetExpired(nowMs: number): void {
    for (const [key, entry] of this.#entries) {
      if (entry.untilMs > nowMs) return;
      this.#entries.delete(key);
    }
  }
}

/**
 * Age of a journal record by the wall clock, clamped between 0 and `lifetimeMs`: after a clock
 * change nothing expires early, or later than one lifetime from the restart.
 */
export function trustedAgeMs(atWallMs: number, nowWallMs: number, lifetimeMs: number): number {
  return Math.min(Math.max(nowWallMs - atWallMs, 0), lifetimeMs);
}
