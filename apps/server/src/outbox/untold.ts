import { keepNewest } from './keep-newest.ts';

export interface UntoldLimits {
  /** How many wait to be told at most: the newest, where the store is out of reach. */
  readonly waiting: number;
  /** How many one message tells. */
  readonly atOnce: number;
}

/** What the store is yet to be told of, in bundles, and nobody waits for. */
export class Untold<Key, Value> {
  readonly #limits: UntoldLimits;
  /** In the order in which they were noted. */
  readonly #waiting = new Map<Key, Value>();

  constructor(limits: UntoldLimits) {
    this.#limits = limits;
  }

  /** Something new, or something of which there is news, in the place of what was to be told of it. */
  note(key: Key, value: Value): void {
    keepNewest(this.#waiting, key, value, this.#limits.waiting);
  }

  /** Something more of what waits; of what was told, or never noted, there is no more to say. */
  change(key: Key, more: (value: Value) => Value): void {
    const value = this.#waiting.get(key);
    if (value !== undefined) this.#waiting.set(key, more(value));
  }

  /**
   * Tells some of it. What became another one while it was being told is told again.
   *
   * @returns whether there is more
   * @throws what telling throws; it is told the next time
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
