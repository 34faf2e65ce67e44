/**
 * Sends items in order and in batches, one batch at a time. Items that arrive while a batch is under
 * way form the next one, so that under load many items share one commit.
 */
export class BatchQueue<Item> {
  readonly #atOnce: number;
  readonly #send: (items: readonly Item[]) => Promise<void>;
  #waiting: Item[] = [];
  #underWay: readonly Item[] = [];
  #working: Promise<void> | null = null;

  /** @param send must not throw */
  constructor(atOnce: number, send: (items: readonly Item[]) => Promise<void>) {
    this.#atOnce = atOnce;
    this.#send = send;
  }

  /** Number of items that wait or are under way. */
  get size(): number {
    return this.#waiting.length + this.#underWay.length;
  }

  /** All items that wait or are under way, oldest first. */
  get items(): readonly Item[] {
    return [...this.#underWay, ...this.#waiting];
  }

  push(item: Item): void {
    this.#waiting.push(item);
    this.#working ??= this.#work();
  }

  /** Keeps only some of the waiting items. Items under way stay. */
  keep(isKept: (item: Item) => boolean): void {
    this.#waiting = this.#waiting.filter(isKept);
  }

  async whenIdle(): Promise<void> {
    while (this.#working !== null) await this.#working;
  }

  async #work(): Promise<void> {
    // The items of one event-loop turn share a batch.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      this.#underWay = this.#waiting.splice(0, this.#atOnce);
      await this.#send(this.#underWay);
      this.#underWay = [];
    }
    this.#working = null;
  }
}
