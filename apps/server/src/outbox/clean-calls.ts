import type { JournalRecord } from '@farandole/gateway/ports';
import type { MatchId, SubjectId } from '@farandole/kernel/id';
import type { AtLeastTwo } from '@farandole/matchmaking/seats';
import type { ModerationStore } from '@farandole/moderation/store/ports';
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
export class CleanCalls {
  readonly #options: CleanCallsOptions;
  /** Watched calls, in the order in which they started. */
  readonly #calls = new Map<MatchId, WatchedCall>();
  /** Participants of clean calls, not yet sent to the store. */
  #clean: SubjectId[] = [];

  constructor(options: CleanCallsOptions) {
    this.#options = options;
  }

  recorded(record: JournalRecord): void {
    if (record.kind === 'encounter') this.#met(record.match, record.subjects);
    if (record.kind === 'report') this.#calls.get(record.match)?.reported.add(record.of);
  }

  /**
   * Sends the participants of calls that ended long enough ago.
   *
   * @returns whether there are more
   * @throws StoreError; the next call retries
   */
  async tell(nowMs: number): Promise<boolean> {
    this.#collect();
    const subjects = this.#clean.slice(0, CLEAN_PEOPLE_AT_ONCE);
    if (subjects.length === 0) return false;
    await this.#options.store.run('sessions.clean', { subjects, nowMs });
    this.#clean = this.#clean.slice(subjects.length);
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
    const began = { subjects, startedAtMs: nowMs, endedAtMs: null, reported: new Set<SubjectId>() };
    keepNewest(this.#calls, match, began, CALLS_WATCHED_MAX);
    this.#options.onBegan(match, subjects);
  }

  #collect(): void {
    const nowMs = this.#options.nowMonotonicMs();
    for (const [match, { subjects, startedAtMs, endedAtMs, reported }] of this.#calls) {
      if (endedAtMs === null || nowMs - endedAtMs < CLEAN_AFTER_MS) continue;
      this.#calls.delete(match);
      if (endedAtMs - startedAtMs < CLEAN_CALL_MS_MIN) continue;
      this.#clean.push(...subjects.filter((subject) => !reported.has(subject)));
    }
  }
}
