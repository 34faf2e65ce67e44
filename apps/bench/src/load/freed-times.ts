import { inFigures } from '../result.ts';
import { quantile } from '../statistics.ts';

export interface FreedFigures {
  readonly n: number;
  readonly p50Ms: number;
  readonly p999Ms: number;
  readonly mostMs: number;
  /** Bound of `p999Ms`; null if the percentile is printed but not judged. */
  readonly atMostMs: number | null;
  readonly reached: boolean | null;
}

export const FREED_MS_AT_MOST = 50;
/**
 * Minimum number of measured times for a 99.9th percentile. With fewer times the percentile
 * would be the slowest time.
 */
const TIMES_MIN = 1_000;

/**
 * Measures the time from one user's request to end a call until the server notifies the peer.
 * Skips peers that were disconnected in between.
 */
export class FreedTimes {
  readonly timesMs: number[] = [];
  readonly #askedAtMs = new Map<string, number>();
  #isPaused = false;

  /**
   * Ignores all times until `goOn` is called, because an inspection blocks the node's event
   * loop.
   */
  pause(): void {
    this.#isPaused = true;
    this.#askedAtMs.clear();
  }

  goOn(): void {
    this.#isPaused = false;
  }

  asked(match: string, nowMs: number): void {
    if (this.#isPaused) return;
    // If both users leave at once, the server notifies neither of them.
    if (!this.#askedAtMs.delete(match)) this.#askedAtMs.set(match, nowMs);
  }

  /** @param hereSinceMs time since which the peer's socket has been read without a gap */
  told(match: string, nowMs: number, hereSinceMs: number): void {
    const askedAtMs = this.#askedAtMs.get(match);
    this.#askedAtMs.delete(match);
    if (askedAtMs !== undefined && hereSinceMs <= askedAtMs) this.timesMs.push(nowMs - askedAtMs);
  }
}

export function freedFigures(timesMs: readonly number[], atMostMs: number | null): FreedFigures {
  const p999Ms = quantile(timesMs, 0.999);
  return {
    n: timesMs.length,
    p50Ms: quantile(timesMs, 0.5),
    p999Ms,
    mostMs: quantile(timesMs, 1),
    atMostMs,
    reached: atMostMs === null || timesMs.length < TIMES_MIN ? null : p999Ms <= atMostMs,
  };
}

export function freedInWords(figures: FreedFigures): string {
  const { n, p50Ms, p999Ms, mostMs, atMostMs, reached } = figures;
  const asked = atMostMs === null ? '' : `; p99.9 at most ${atMostMs}: ${inVerdict(reached)}`;
  return (
    `notified of the peer's end in ${inFigures(p50Ms)} ms (p50), ${inFigures(p999Ms)} ms (p99.9), ` +
    `at most ${inFigures(mostMs)} ms, of ${n}${asked}`
  );
}

function inVerdict(reached: boolean | null): string {
  if (reached === null) return 'not judged';
  return reached ? 'reached' : 'not reached';
}
