import type { Mode } from '@farandole/protocol/fields';
import {
  USUAL_WAIT_COUNTED_FROM_MS,
  USUAL_WAIT_FRESH_MS,
  USUAL_WAIT_MAX_MS,
  USUAL_WAIT_SHARE,
  USUAL_WAITS_MIN,
} from './limits.ts';

interface Seen {
  /** Exponentially weighted mean in ms. Each new wait has the weight `USUAL_WAIT_SHARE`. */
  meanMs: number;
  count: number;
  lastAtMs: number;
}

/**
 * Typical recent waiting time until a match, by mode: an exponentially weighted mean. Ignores
 * waits below `USUAL_WAIT_COUNTED_FROM_MS`, because pages show the estimate only after that
 * time. Users who gave up are not included, so a user can wait longer than the estimate.
 */
export class UsualWaits {
  readonly #byMode = new Map<Mode, Seen>();

  add(mode: Mode, wholeWaitMs: number, nowMs: number): void {
    if (wholeWaitMs < USUAL_WAIT_COUNTED_FROM_MS) return;
    const waitedMs = Math.min(wholeWaitMs, USUAL_WAIT_MAX_MS);
    const seen = this.#recent(mode, nowMs);
    if (seen === null) {
      this.#byMode.set(mode, { meanMs: waitedMs, count: 1, lastAtMs: nowMs });
      return;
    }
    seen.meanMs += USUAL_WAIT_SHARE * (waitedMs - seen.meanMs);
    seen.count += 1;
    seen.lastAtMs = nowMs;
  }

  /** Returns the usual waiting time in whole ms. Null if there were too few recent waits. */
  of(mode: Mode, nowMs: number): number | null {
    const seen = this.#recent(mode, nowMs);
    return seen === null || seen.count < USUAL_WAITS_MIN ? null : Math.round(seen.meanMs);
  }

  #recent(mode: Mode, nowMs: number): Seen | null {
    const seen = this.#byMode.get(mode);
    return seen === undefined || nowMs - seen.lastAtMs > USUAL_WAIT_FRESH_MS ? null : seen;
  }
}
