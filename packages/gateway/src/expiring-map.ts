interface Entry<Value> {
  readonly value: Value;
  readonly untilMs: number;
}

/**
 * A map that forgets: each entry lives for one and the same time, and when there are too many the
 * oldest go first. Time is the monotonic clock's.
 */
export class ExpiringMap<Key, Value> {
  readonly #lifetimeMs: number;
  readonly #entriesMax: number;
  /** In the order of writing, which is that of expiry but for entries written with an age. */
  readonly #entries = new Map<Key, Entry<Value>>();

  constructor(lifetimeMs: number, entriesMax: number) {
    this.#lifetimeMs = lifetimeMs;
    this.#entriesMax = entriesMax;
  }

  /** Entries held, those included that have expired and were not yet in the way. */
  get size(): number {
    return this.#entries.size;
  }

  /** @param ageMs how old the entry already is, from 0. */
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

  /** Drops expired entries from the old end; those behind a younger one wait for their turn. */
  forgetExpired(nowMs: number): void {
    for (const [key, entry] of this.#entries) {
      if (entry.untilMs > nowMs) return;
      this.#entries.delete(key);
    }
  }
}

/**
 * How old a record of the journal is by the wall clock, trusted no further than from just now to
 * `lifetimeMs`: a clock that was moved forgets nothing early and keeps nothing longer than one
 * lifetime from the restart.
 */
export function trustedAgeMs(atWallMs: number, nowWallMs: number, lifetimeMs: number): number {
  return Math.min(Math.max(nowWallMs - atWallMs, 0), lifetimeMs);
}
