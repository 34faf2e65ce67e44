import type { TcpLink } from '@farandole/e2e/tcp-link';
import type { ResumingPage } from './resuming-page.ts';

/** A script that can't continue: a fault of the code under test. */
export class ScriptFailure extends Error {
  override readonly name = 'ScriptFailure';
}

/** Null, or why a script could not continue. */
export async function failureOf(script: Promise<void>): Promise<string | null> {
  try {
    await script;
    return null;
  } catch (error) {
    if (!(error instanceof ScriptFailure)) throw error;
    return error.message;
  }
}

/** Each cut costs one socket. A page that needs many more is in a loop. */
const SOCKETS_A_CUT_MAX = 8;

/** Waits for pages, and gives up if nothing changes. */
export class Patience {
  readonly #socketsMax: number;
  #wake: () => void = () => {};
  #isStuck = false;
  #changedAtMs = performance.now();

  constructor(cuts: number) {
    this.#socketsMax = SOCKETS_A_CUT_MAX * (2 + cuts);
  }

  /** Call it after every event that may let a script continue. */
  readonly changed = (): void => {
    this.#changedAtMs = performance.now();
    this.#wake();
  };

  /** Gives up if nothing changed for this long. */
  giveUpIfStill(patienceMs: number): void {
    if (performance.now() - this.#changedAtMs < patienceMs) return;
    this.#isStuck = true;
    this.#wake();
  }

  /** Waits until the node answers the page, asking again on each new connection. */
  async untilAnswered(page: ResumingPage, pages: readonly ResumingPage[]): Promise<void> {
    let askedOn: TcpLink | null = null;
    let { pongs } = page;
    await this.until('the last answer', pages, () => {
      if (page.isOnline && page.link !== askedOn) {
        askedOn = page.link;
        ({ pongs } = page);
        page.ask();
      }
      return askedOn !== null && page.pongs > pongs;
    });
  }

  /** @throws ScriptFailure if the condition can't become true */
  async until(what: string, pages: readonly ResumingPage[], isSo: () => boolean): Promise<void> {
    for (;;) {
      if (isSo()) return;
      for (const page of pages) page.hurry();
      // Time passing may have sufficed, without another call.
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
