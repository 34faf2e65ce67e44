import { setTimeout as delay } from 'node:timers/promises';

export interface Pace {
  readonly perS: number;
  readonly count: number;
  /** Time in ms after which the first one is due. By default 0. */
  readonly startsInMs?: number;
}

/**
 * Calls `run` at an even pace, without waiting for earlier calls. A call that comes late doesn't
 * delay the ones after it.
 *
 * @param run takes the number of the call, from 0, and the time when it was due, by `performance`
 */
export async function atEvenPace(
  { perS, count, startsInMs = 0 }: Pace,
  run: (n: number, dueAtMs: number) => void,
): Promise<void> {
  const startsAtMs = performance.now() + startsInMs;
  for (let n = 0; n < count; n++) {
    const dueAtMs = startsAtMs + (n * 1_000) / perS;
    for (;;) {
      const leftMs = dueAtMs - performance.now();
      if (leftMs <= 0) break;
      // A timer drops the fraction of a millisecond, so it never comes after its time for that.
      await delay(Math.max(1, leftMs));
    }
    run(n, dueAtMs);
  }
}
