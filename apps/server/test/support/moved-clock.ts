import type { Clock } from '@farandole/kernel/clock';
import { systemClock } from '../../src/node/system-clock.ts';

/** The machine's clock, from a start of the machine on, whose date somebody moves. */
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

  /** The date alone. */
  jump(ms: number): void {
    this.#movedMs += ms;
  }

  /** Lets so much time pass. */
  advance(ms: number): void {
    this.#startedAtMs -= ms;
    this.#movedMs += ms;
  }
}
