/** Longest time in ms between two readings that counts. */
const GAP_MS_MAX = 100;
const READ_EVERY_MS = 20;

/**
 * Measures for how long this process has run. A pause in which a busy machine gave it no CPU counts
 * as at most `GAP_MS_MAX`, so that a test can check a limit of a few seconds on every machine.
 */
export class RunningTime implements Disposable {
  #ms = 0;
  #readAtMs = performance.now();
  readonly #timer = setInterval(() => this.#read(), READ_EVERY_MS);

  /** Time in ms since the creation. */
  get ms(): number {
    this.#read();
    return this.#ms;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #read(): void {
    const nowMs = performance.now();
    this.#ms += Math.min(nowMs - this.#readAtMs, GAP_MS_MAX);
    this.#readAtMs = nowMs;
  }
}
