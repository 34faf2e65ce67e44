/** Registers cleanup functions for a test or a run. `TestContext` implements this interface too. */
export interface Ends {
  after(work: () => unknown): void;
}

/** Runs the cleanup functions of code outside a test as `atEnd` does. */
export class RunEnds implements Ends {
  readonly #works: (() => unknown)[] = [];

  after(work: () => unknown): void {
    this.#works.push(work);
  }

  async end(): Promise<void> {
    await runLastFirst(this.#works);
  }
}

const endings = new WeakMap<Ends, (() => unknown)[]>();

/**
 * Runs cleanup in reverse order, so that a server has ended before its folder is removed. All of it
 * runs, also after a failure. `node:test` itself runs cleanup in order and stops at a failure.
 */
export function atEnd(t: Ends, work: () => unknown): void {
  const known = endings.get(t);
  if (known !== undefined) {
    known.push(work);
    return;
  }
  const works = [work];
  endings.set(t, works);
  t.after(() => runLastFirst(works));
}

async function runLastFirst(works: (() => unknown)[]): Promise<void> {
  const last = works.pop();
  if (last === undefined) return;
  try {
    await last();
  } finally {
    await runLastFirst(works);
  }
}
