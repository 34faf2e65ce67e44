import { RECENT_WAITS_MAX, RECENT_WAITS_MS } from '../limits.ts';
import type { LogEvent } from './log.ts';

/** Remembers how long the users of the last matches waited. */
export class RecentWaits {
  readonly #monotonicMs: () => number;
  #waits: { readonly atMs: number; readonly waitedMs: number }[] = [];

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  observe(event: LogEvent): void {
    if (event.event !== 'match-found') return;
    this.#waits.push({ atMs: this.#monotonicMs(), waitedMs: event.waitedMs });
    // Removes many at once, because an array moves all its entries when the first one goes.
    if (this.#waits.length >= 2 * RECENT_WAITS_MAX)
      this.#waits = this.#waits.slice(-RECENT_WAITS_MAX);
  }

  /** Returns the number of waits of the last `RECENT_WAITS_MS`, and their median. */
  summary(): { readonly count: number; readonly medianMs: number | null } {
    const fromMs = this.#monotonicMs() - RECENT_WAITS_MS;
    const waits = this.#waits
      .slice(-RECENT_WAITS_MAX)
      .filter(({ atMs }) => atMs > fromMs)
      .map(({ waitedMs }) => waitedMs)
      .toSorted((a, b) => a - b);
    return { count: waits.length, medianMs: waits[Math.floor(waits.length / 2)] ?? null };
  }
}
