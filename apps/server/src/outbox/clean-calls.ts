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
  /** Null while it goes on. */
  endedAtMs: number | null;
  readonly reported: Set<SubjectId>;
}

export interface CleanCallsOptions {
  readonly store: Pick<ModerationStore, 'run'>;
  readonly nowMonotonicMs: () => number;
  readonly onBegan: (match: MatchId, subjects: AtLeastTwo<SubjectId>) => void;
  /** More is known of somebody. */
  readonly onCounted: (subject: SubjectId) => void;
}

/**
 * Notices calls that nobody reported, of which trust is made. A call counts for each of the two whom
 * the other has not reported by some minutes after its end, and only if it lasted: whoever is left
 * at first sight has shown nothing. What is noticed is lost with the process, which costs its
 * people a little trust and gives none.
 */
export class CleanCalls {
  readonly #options: CleanCallsOptions;
  /** In the order in which they began. */
  readonly #calls = new Map<MatchId, WatchedCall>();
  /** People of clean calls who were not told to the store yet. */
  #clean: SubjectId[] = [];

  constructor(options: CleanCallsOptions) {
    this.#options = options;
  }

  /** The gateway appends this record to its journal. */
  recorded(record: JournalRecord): void {
    if (record.kind === 'encounter') this.#met(record.match, record.subjects);
    if (record.kind === 'report') this.#calls.get(record.match)?.reported.add(record.of);
  }

  /**
   * Tells the store of the people of calls that are over for long enough.
   *
   * @returns whether there are more of them
   * @throws StoreError; they are told the next time
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

  /** Noted once when a call opens and once when it ends. */
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
