import type { Clock } from '../clock.ts';

/**
 * A clock that moves only when a test moves it. The test can make wall time jump, but not
 * monotonic time.
 */
export class SimClock implements Clock {
  #monotonicMs: number;
  #wallMs: number;

  constructor(monotonicMs = 0, wallMs = 1_800_000_000_000) {
    this.#monotonicMs = monotonicMs;
    this.#wallMs = wallMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  wallMs(): number {
    return this.#wallMs;
  }

  /** Advances both clocks. Throws a RangeError for negative time. */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError(`time passes forwards, not by ${ms} ms`);
    this.#monotonicMs += ms;
    this.#wallMs += ms;
  }

  jumpWall(ms: number): void {
    this.#wallMs += ms;
  }
}
