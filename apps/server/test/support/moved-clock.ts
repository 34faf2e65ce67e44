import type { Clock } from '@farandole/kernel/clock';
import { systemClock } from '../../src/node/system-clock.ts';

/** A clock that replaces the machine's clock and that a test can move. */
export class MovedClock implements Clock {
  #startedAtMs = systemClock.monotonicMs();
  #movedMs: number;

  constructor(movedMs = 0) {
    this.#movedMs = movedMs;
  }

  monotonicMs(): number {
    return systemClock.monotonicMs() - this.#startedAtMs;
  }

  wallMs(): number {
    return systemClock.wallMs() + this.#movedMs;
  }

  /** Moves the date but not the monotonic time, as a clock correction does. */
  jump(ms: number): void {
    this.#movedMs += ms;
  }

  /** Moves the date and the monotonic time. */
  advance(ms: number): void {
    this.#startedAtMs -= ms;
    this.#movedMs += ms;
  }
}
