import type { CallEnds, EndedCall, JournalRecord } from '@farandole/gateway/ports';
import { brandId, type MatchId, type SubjectId } from '@farandole/kernel/id';
import type { AtLeastTwo } from '@farandole/matchmaking/seats';
import type { AnchorHash } from '@farandole/moderation/ids';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { SideOfCall } from '@farandole/moderation/trust/people';
import {
  CALLS_WATCHED_MAX,
  CLEAN_AFTER_MS,
  CLEAN_CALL_MS_MIN,
  CLEAN_PEOPLE_AT_ONCE,
} from '../limits.ts';
import { keepNewest } from './keep-newest.ts';

interface WatchedCall {
  readonly subjects: AtLeastTwo<SubjectId>;
  readonly startedAtMs: number;
  /** Null during the call. */
  endedAtMs: number | null;
  readonly reported: Set<SubjectId>;
  /** Null for a call whose end this process didn't see. */
  facts: EndedCall | null;
}

interface CleanSide {
  readonly subject: SubjectId;
  /** What the call may add to the user's standing, per other person. */
  readonly sides: readonly Omit<SideOfCall, 'endedAtMs'>[];
  readonly endedAtMs: number;
}

export interface CleanCallsOptions {
  readonly store: Pick<ModerationStore, 'run'>;
  readonly nowMonotonicMs: () => number;
  readonly onBegan: (match: MatchId, subjects: AtLeastTwo<SubjectId>) => void;
  /** A user's trust may have changed. */
  readonly onCounted: (subject: SubjectId) => void;
}

/**
 * Finds calls that nobody reported, which earn trust. A call counts for each participant whom the
 * others didn't report within CLEAN_AFTER_MS of its end, and only if it lasted CLEAN_CALL_MS_MIN. A
 * restart loses watched calls, which costs users a little trust and never adds any.
 */
export class CleanCalls implements CallEnds {
  readonly #options: CleanCallsOptions;
  /** In order of their start. */
  readonly #calls = new Map<MatchId, WatchedCall>();
  /** Participants of clean calls, not yet sent to the store. */
  #clean: CleanSide[] = [];

  constructor(options: CleanCallsOptions) {
    this.#options = options;
  }

  recorded(record: JournalRecord): void {
    if (record.kind === 'encounter') this.#met(record.match, record.subjects);
    if (record.kind === 'report') this.#calls.get(record.match)?.reported.add(record.of);
  }

  ended(call: EndedCall): void {
    const watched = this.#calls.get(call.match);
    if (watched !== undefined) watched.facts = call;
  }

  /**
   * Sends the participants of calls that ended long enough ago.
   *
   * @returns whether there are more
   * @throws StoreError; the next call retries
   */
  async tell(nowMs: number): Promise<boolean> {
    this.#collect();
    const some = this.#clean.slice(0, CLEAN_PEOPLE_AT_ONCE);
    if (some.length === 0) return false;
    const subjects = some.map(({ subject }) => subject);
    const sinceMs = this.#options.nowMonotonicMs() - nowMs;
    const calls = some.flatMap(({ sides, endedAtMs }) =>
      sides.map((side) => ({ ...side, endedAtMs: endedAtMs - sinceMs })),
    );
    await this.#options.store.run('sessions.clean', { subjects, calls, nowMs });
    this.#clean = this.#clean.slice(some.length);
    for (const subject of subjects) this.#options.onCounted(subject);
    return this.#clean.length > 0;
  }

  /** Recorded at the start and at the end of a call. */
  #met(match: MatchId, subjects: AtLeastTwo<SubjectId>): void {
    const nowMs = this.#options.nowMonotonicMs();
    const call = this.#calls.get(match);
    if (call !== undefined) {
      call.endedAtMs = nowMs;
      return;
    }
    const began: WatchedCall = {
      ...{ subjects, startedAtMs: nowMs, endedAtMs: null },
      ...{ reported: new Set<SubjectId>(), facts: null },
    };
    keepNewest(this.#calls, match, began, CALLS_WATCHED_MAX);
    this.#options.onBegan(match, subjects);
  }

  #collect(): void {
    const nowMs = this.#options.nowMonotonicMs();
    for (const [match, { subjects, startedAtMs, endedAtMs, reported, facts }] of this.#calls) {
      if (endedAtMs === null || nowMs - endedAtMs < CLEAN_AFTER_MS) continue;
      this.#calls.delete(match);
      if (endedAtMs - startedAtMs < CLEAN_CALL_MS_MIN) continue;
      for (const subject of subjects) {
        if (reported.has(subject)) continue;
        this.#clean.push({ subject, sides: sidesOf(subject, facts), endedAtMs });
      }
    }
  }
}

/** The call as seen by one of its users, once per other user. */
function sidesOf(subject: SubjectId, facts: EndedCall | null): CleanSide['sides'] {
  const own = facts?.seats.find((seat) => seat.subject === subject);
  if (facts === null || own === undefined) return [];
  const { counts, lastedMs, seats } = facts;
  return seats
    .filter((seat) => seat !== own)
    .map((other) => ({
      subject,
      other: other.subject,
      counts,
      isMutual: own.wasSeen || (own.lines > 0 && other.lines > 0),
      lastedMs,
      network: anchorOf(own),
      otherNetwork: anchorOf(other),
    }));
}

function anchorOf({ network }: EndedCall['seats'][number]): AnchorHash | null {
  return network === null ? null : brandId<AnchorHash>(network.network);
}
