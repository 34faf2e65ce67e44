import type { Clock } from '@farandole/kernel/clock';
import type { Scheduler } from '@farandole/web/signal/ports';

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

/**
 * The time of one page, which passes only when it is told to: what a person would wait for four
 * seconds is over at once, and nothing times out because a machine is slow.
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

  /** Lets time pass to the next timer and runs it; false when there is none. */
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

  /** Lets so much time pass, and runs what is due on the way. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    while (this.#timers.some(({ dueMs }) => dueMs <= untilMs)) this.toNext();
    this.#nowMs = untilMs;
  }
}
