import type { Clock } from '../clock.ts';

/** A clock that only tests move. Wall time can jump; monotonic time can't. */
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

  /** Advances both clocks; rejects negative time. */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError(`time passes forwards, not by ${ms} ms`);
    this.#monotonicMs += ms;
    this.#wallMs += ms;
  }

  jumpWall(ms: number): void {
    this.#wallMs += ms;
  }
}
