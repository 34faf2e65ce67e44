import type { Clock } from '../clock.ts';

/** A clock that only a test moves. The wall can jump; the monotonic time cannot. */
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

  /** Lets `ms` pass on both clocks; negative time is refused. */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError(`time passes forwards, not by ${ms} ms`);
    this.#monotonicMs += ms;
    this.#wallMs += ms;
  }

  /** Moves the date alone, as an operator or NTP does. */
  jumpWall(ms: number): void {
    this.#wallMs += ms;
  }
}
