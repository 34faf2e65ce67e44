import { PROPOSAL_TIMEOUT_MS, RETRY_AFTER_MS } from '@farandole/matchmaking/limits';
import { DEFAULT_WIDENING, widestAfterMs } from '@farandole/matchmaking/widening';
import type { Acquaintance } from './acquaintance.ts';
import type { SearchModel, SessionModel } from './model.ts';
import { Violation } from './violation.ts';
import { couldMeetSinceMs } from './who-may-meet.ts';

/**
 * How long two people who may meet may both wait: until every soft wish has been let go, for one
 * rest of the ticket that looks, one proposal that comes to nothing, and a few ticks.
 */
export const WAIT_TOGETHER_MAX_MS =
  widestAfterMs(DEFAULT_WIDENING) + RETRY_AFTER_MS + PROPOSAL_TIMEOUT_MS + 1_000;

/** I3: by brute force over everybody who has waited long enough. */
export function checkWaiting(
  sessions: readonly SessionModel[],
  known: Acquaintance,
  nowMs: number,
): void {
  const waiting: SearchModel[] = [];
  for (const { search } of sessions) {
    if (search !== null && nowMs - search.acceptedAtMs >= WAIT_TOGETHER_MAX_MS) {
      waiting.push(search);
    }
  }
  for (const [at, a] of waiting.entries()) {
    for (const b of waiting.slice(at + 1)) {
      const sinceMs = couldMeetSinceMs(a, b, known);
      if (sinceMs === null || nowMs - sinceMs < WAIT_TOGETHER_MAX_MS) continue;
      throw new Violation(
        'I3',
        `${a.session.subject} and ${b.session.subject} may meet and wait for ${nowMs - sinceMs} ms: ` +
          `${JSON.stringify(a.wish)} ${JSON.stringify(b.wish)}`,
      );
    }
  }
}
