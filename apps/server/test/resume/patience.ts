import type { ResumingPage } from './resuming-page.ts';

/** Something that cannot go on, and is a fault of what is tested. */
export class ScriptFailure extends Error {
  override readonly name = 'ScriptFailure';
}

/** Each cut costs one; a page that needs many more than that goes round in a circle. */
const SOCKETS_A_CUT_MAX = 8;

/** Waits for what pages do, and gives up where nothing will come any more. */
export class Patience {
  readonly #socketsMax: number;
  #wake: () => void = () => {};
  #isStuck = false;
  #changedAtMs = performance.now();

  /** @param cuts that are planned for one script */
  constructor(cuts: number) {
    this.#socketsMax = SOCKETS_A_CUT_MAX * (2 + cuts);
  }

  /** Called whenever something happened that may let a script go on. */
  readonly changed = (): void => {
    this.#changedAtMs = performance.now();
    this.#wake();
  };

  /** Gives up where nothing has happened for so long: then nothing will. */
  giveUpIfStill(patienceMs: number): void {
    if (performance.now() - this.#changedAtMs < patienceMs) return;
    this.#isStuck = true;
    this.#wake();
  }

  /** @throws ScriptFailure when it will never be so */
  async until(what: string, pages: readonly ResumingPage[], isSo: () => boolean): Promise<void> {
    for (;;) {
      if (isSo()) return;
      for (const page of pages) page.hurry();
      // Time alone may have done it, and would not call again.
      if (isSo()) return;
      for (const page of pages) {
        const why = page.hasStopped ? 'stopped' : 'connects without end';
        if (!page.hasStopped && page.sockets <= this.#socketsMax) continue;
        const words = page.closes.join(', ');
        throw new ScriptFailure(`${page.speaker} ${why}, waiting for ${what}: ${words}`);
      }
      if (this.#isStuck) throw new ScriptFailure(`nothing happens, waiting for ${what}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
