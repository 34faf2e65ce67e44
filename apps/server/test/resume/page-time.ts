import type { Clock } from '@farandole/kernel/clock';
import type { Scheduler } from '@farandole/web/signal/ports';

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

/**
 * A page's clock, which advances only on demand, so that delays cost nothing and a slow machine
 * causes no timeouts.
 */
export class PageTime implements Clock, Scheduler {
  #nowMs = 0;
  #timers: Timer[] = [];

  monotonicMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return 1_800_000_000_000 + this.#nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer: Timer = { dueMs: this.#nowMs + delayMs, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Advances to the next timer and runs it; false if there is none. */
  toNext(): boolean {
    let next: Timer | undefined;
    for (const timer of this.#timers)
      if (next === undefined || timer.dueMs < next.dueMs) next = timer;
    if (next === undefined) return false;
    const found = next;
    this.#timers = this.#timers.filter((timer) => timer !== found);
    this.#nowMs = Math.max(this.#nowMs, found.dueMs);
    found.run();
    return true;
  }

  /** Advances the clock and runs the timers that are due. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    while (this.#timers.some(({ dueMs }) => dueMs <= untilMs)) this.toNext();
    this.#nowMs = untilMs;
  }
}
