import { inFigures } from '../result.ts';
import { quantile } from '../statistics.ts';

/** How soon people were told that the other one had ended their call, in ms. */
export interface FreedFigures {
  readonly n: number;
  readonly p50Ms: number;
  readonly p999Ms: number;
  readonly mostMs: number;
  /** Of `p999Ms`; null: it is only printed. */
  readonly atMostMs: number | null;
  readonly reached: boolean | null;
}

/** What is asked of one node in use. */
export const FREED_MS_AT_MOST = 50;
/** Of fewer, one in a thousand is the slowest alone. */
const TIMES_MIN = 1_000;

/**
 * Takes the time from one side's asking for the end of a call to the moment in which the other side
 * is told. Whoever was away meanwhile is told when they come back, and is not counted.
 */
export class FreedTimes {
  readonly timesMs: number[] = [];
  readonly #askedAtMs = new Map<string, number>();
  #isPaused = false;

  /** Until `goOn` the node is kept from its work by whoever looks at it: nothing of it is counted. */
  pause(): void {
    this.#isPaused = true;
    this.#askedAtMs.clear();
  }

  goOn(): void {
    this.#isPaused = false;
  }

  /** One side goes; what it says to that end is written in this turn. */
  asked(match: string, nowMs: number): void {
    if (this.#isPaused) return;
    // Where both go at once, neither is freed by the other.
    if (!this.#askedAtMs.delete(match)) this.#askedAtMs.set(match, nowMs);
  }

  /**
   * The other side is told.
   *
   * @param hereSinceMs since when it has had a socket and read it, without a gap
   */
  told(match: string, nowMs: number, hereSinceMs: number): void {
    const askedAtMs = this.#askedAtMs.get(match);
    this.#askedAtMs.delete(match);
    if (askedAtMs !== undefined && hereSinceMs <= askedAtMs) this.timesMs.push(nowMs - askedAtMs);
  }
}

/** @param atMostMs null: nothing is asked */
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
    `told of the end by the other in ${inFigures(p50Ms)} ms (p50), ${inFigures(p999Ms)} ms (p99.9), ` +
    `at most ${inFigures(mostMs)} ms, of ${n}${asked}`
  );
}

function inVerdict(reached: boolean | null): string {
  if (reached === null) return 'not judged';
  return reached ? 'reached' : 'not reached';
}
