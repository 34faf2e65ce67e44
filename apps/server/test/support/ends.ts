/** Has something done when a test is over, or a run that is none; what `TestContext` offers too. */
export interface Ends {
  after(work: () => unknown): void;
}

/** Those of a run that is no test: what came last is done first. */
export class RunEnds implements Ends {
  readonly #works: (() => unknown)[] = [];

  after(work: () => unknown): void {
    this.#works.push(work);
  }

  async end(): Promise<void> {
    for (let last = this.#works.pop(); last !== undefined; last = this.#works.pop()) await last();
  }
}
