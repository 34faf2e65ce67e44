import { SimClock } from '@farandole/kernel/testing/sim-clock';
import type { Scheduler } from '@farandole/web/signal/ports';

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

/**
 * A page's clock. It advances only on demand, so that delays take no real time and a slow machine
 * causes no timeouts.
 */
export class PageTime extends SimClock implements Scheduler {
  readonly #timers = new Set<Timer>();

  after(delayMs: number, run: () => void): () => void {
    const timer: Timer = { dueMs: this.monotonicMs() + delayMs, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Advances to the next timer and runs it. Returns false if no timer is due by `untilMs`. */
  toNext(untilMs = Number.POSITIVE_INFINITY): boolean {
    let next: Timer | undefined;
    for (const timer of this.#timers)
      if (next === undefined || timer.dueMs < next.dueMs) next = timer;
    if (next === undefined || next.dueMs > untilMs) return false;
    this.#timers.delete(next);
    super.advance(Math.max(0, next.dueMs - this.monotonicMs()));
    next.run();
    return true;
  }

  override advance(ms: number): void {
    const untilMs = this.monotonicMs() + ms;
    while (this.toNext(untilMs));
    super.advance(untilMs - this.monotonicMs());
  }
}
