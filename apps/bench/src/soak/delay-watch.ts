import type { Inspector } from '../load/inspector.ts';

const EVERY_MS = 10;

const INSTALL = `void (globalThis.soak = { delays: [], dueAtMs: performance.now() + ${EVERY_MS} },
  setInterval(() => {
    const nowMs = performance.now();
    soak.delays.push(Math.max(0, nowMs - soak.dueAtMs));
    soak.dueAtMs = nowMs + ${EVERY_MS};
  }, ${EVERY_MS}))`;
const TAKE = `JSON.stringify(soak.delays.splice(0).map((ms) => Math.round(100 * ms) / 100))`;
const SKIP = `void (soak.delays.length = 0, soak.dueAtMs = performance.now() + ${EVERY_MS})`;

/**
 * Measures how late a timer of 10 ms fires in another process, which is the delay of that process's
 * event loop. It works alike on Node and on Bun, whose own histograms count differently.
 */
export class DelayWatch {
  readonly #inspector: Inspector;

  static async install(inspector: Inspector): Promise<DelayWatch> {
    await inspector.evaluate(INSTALL);
    return new DelayWatch(inspector);
  }

  private constructor(inspector: Inspector) {
    this.#inspector = inspector;
  }

  /** Returns the delays in ms since the last call of a method. */
  async take(): Promise<readonly number[]> {
    return JSON.parse(String(await this.#inspector.evaluate(TAKE))) as number[];
  }

  /** Drops the delays since the last call, and the one that lasts now. */
  async skip(): Promise<void> {
    await this.#inspector.evaluate(SKIP);
  }
}
