import { keepNewest } from './keep-newest.ts';

export interface OutboxLimits {
  /** Pending entries at most, newest first. */
  readonly waiting: number;
  readonly atOnce: number;
}

/** A queue of entries to send to the store in batches, keyed so that a newer value replaces a pending one. */
export class Outbox<Key, Value> {
  readonly #limits: OutboxLimits;
  /** In order of their first note. */
  readonly #waiting = new Map<Key, Value>();

  constructor(limits: OutboxLimits) {
    this.#limits = limits;
  }

  note(key: Key, value: Value): void {
    keepNewest(this.#waiting, key, value, this.#limits.waiting);
  }

  /** Updates a pending entry. Does nothing if the entry was already sent or never added. */
  change(key: Key, more: (value: Value) => Value): void {
    const value = this.#waiting.get(key);
    if (value !== undefined) this.#waiting.set(key, more(value));
  }

  /**
   * Sends a batch. An entry that changes while it is sent is sent again.
   *
   * @returns whether there is more
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
