/** Registers cleanup functions for a test or a run. `TestContext` implements this interface too. */
export interface Ends {
  after(work: () => unknown): void;
}

/** Runs the cleanup functions of code outside a test, in reverse order. */
export class RunEnds implements Ends {
  readonly #works: (() => unknown)[] = [];

  after(work: () => unknown): void {
    this.#works.push(work);
  }

  async end(): Promise<void> {
    for (let last = this.#works.pop(); last !== undefined; last = this.#works.pop()) await last();
  }
}
