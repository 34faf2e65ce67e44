import { keepNewest } from './keep-newest.ts';

export interface OutboxLimits {
  /** Maximum number of pending entries. Above it the oldest entry is dropped. */
  readonly waiting: number;
  readonly atOnce: number;
}

/**
 * A queue of entries that are sent to the store in batches. A new entry replaces a pending entry
 * with the same key.
 */
export class Outbox<Key, Value> {
  readonly #limits: OutboxLimits;
  /** Pending entries in the order in which they were first added. */
  readonly #waiting = new Map<Key, Value>();

  constructor(limits: OutboxLimits) {
    this.#limits = limits;
  }

  note(key: Key, value: Value): void {
    keepNewest(this.#waiting, key, value, this.#limits.waiting);
  }

  /**
   * Updates the pending entry of a key. Does nothing if the entry was already sent or never added.
   */
  change(key: Key, more: (value: Value) => Value): void {
    const value = this.#waiting.get(key);
    if (value !== undefined) this.#waiting.set(key, more(value));
  }

  /**
   * Sends a batch of pending entries. An entry that changes while it is being sent is sent again.
   *
   * @returns whether more entries are left
   * @throws what `to` throws; the next call retries
   */
  async tell(to: (values: readonly Value[]) => Promise<unknown>): Promise<boolean> {
    const some = [...this.#waiting].slice(0, this.#limits.atOnce);
    if (some.length === 0) return false;
    await to(some.map(([, value]) => value));
    for (const [key, value] of some) {
      if (this.#waiting.get(key) === value) this.#waiting.delete(key);
    }
    return this.#waiting.size > 0;
  }
}
