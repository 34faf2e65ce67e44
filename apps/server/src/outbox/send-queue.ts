/**
 * Sends items in order, each without waiting for the results of those before it. An item that
 * arrives while the store commits thus already waits in the store when the next commit begins.
 */
export class SendQueue<Item> {
  readonly #underWayMax: number;
  readonly #prepare: () => Promise<void>;
  readonly #send: (item: Item) => Promise<void>;
  readonly #waiting: Item[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #working: Promise<void> | null = null;

  /**
   * @param underWayMax maximum number of items whose results are pending
   * @param prepare runs before each group of items is sent, one run at a time; must not throw
   * @param send resolves with the result; must not throw
   */
  constructor(
    underWayMax: number,
    prepare: () => Promise<void>,
    send: (item: Item) => Promise<void>,
  ) {
    this.#underWayMax = underWayMax;
    this.#prepare = prepare;
    this.#send = send;
  }

  push(item: Item): void {
    this.#waiting.push(item);
    this.#working ??= this.#work();
  }

  async whenIdle(): Promise<void> {
    while (this.#working !== null || this.#underWay.size > 0) {
      await Promise.all([this.#working, ...this.#underWay]);
    }
  }

  async #work(): Promise<void> {
    // The items of one event-loop turn share a `prepare`.
    await Promise.resolve();
    while (this.#waiting.length > 0 && this.#underWay.size < this.#underWayMax) {
      await this.#prepare();
      const room = this.#underWayMax - this.#underWay.size;
      for (const item of this.#waiting.splice(0, room)) this.#begin(item);
    }
    this.#working = null;
  }

  #begin(item: Item): void {
    const sent = this.#send(item).then(() => {
      this.#underWay.delete(sent);
      if (this.#waiting.length > 0) this.#working ??= this.#work();
    });
    this.#underWay.add(sent);
  }
}
