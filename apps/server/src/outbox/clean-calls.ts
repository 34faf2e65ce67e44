import type { CallEnds, EndedCall, JournalRecord } from '@farandole/gateway/ports';
import { brandId, type DeviceKeyId, type MatchId, type SubjectId } from '@farandole/kernel/id';
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
  /** Time when the call ended; null while the call runs. */
  endedAtMs: number | null;
  readonly reported: Set<SubjectId>;
  /** Facts about the ended call; null if this process didn't see the call's end. */
  facts: EndedCall | null;
}

interface CleanSide {
  readonly subject: SubjectId;
  /** What the call may add to the user's trust, with one entry per other participant. */
  readonly sides: readonly Omit<SideOfCall, 'endedAtMs'>[];
  readonly endedAtMs: number;
}

export interface CleanCallsOptions {
  readonly store: Pick<ModerationStore, 'run'>;
  readonly nowMonotonicMs: () => number;
  readonly onBegan: (
    match: MatchId,
    subjects: AtLeastTwo<SubjectId>,
    devices?: AtLeastTwo<DeviceKeyId>,
  ) => void;
  readonly onEnded: (match: MatchId) => void;
  /** Called for a user whose trust may have changed. */
  readonly onCounted: (subject: SubjectId) => void;
}

/**
 * Finds calls that ended without a report, because these earn trust. A call earns trust for a
 * participant if it lasted at least CLEAN_CALL_MS_MIN and no other participant reported that
 * participant within CLEAN_AFTER_MS of its end. A restart loses the watched calls, which costs
 * users a little trust and never adds any.
 */
export class CleanCalls implements CallEnds {
  readonly #options: CleanCallsOptions;
  /** Watched calls in the order of their starts. */
  readonly #calls = new Map<MatchId, WatchedCall>();
  /** Participants of clean calls that aren't sent to the store yet. */
  #clean: CleanSide[] = [];

  constructor(options: CleanCallsOptions) {
    this.#options = options;
  }

  /** Number of participants of clean calls that wait for the store. */
  get size(): number {
    return this.#clean.length;
  }

  recorded(record: JournalRecord): void {
    if (record.kind === 'encounter') this.#met(record);
    if (record.kind === 'report') this.#calls.get(record.match)?.reported.add(record.of);
  }

  ended(call: EndedCall): void {
    const watched = this.#calls.get(call.match);
    if (watched !== undefined) watched.facts = call;
  }

  /**
   * Sends the store the participants of clean calls that ended at least CLEAN_AFTER_MS ago.
   *
   * @returns whether more participants are left
   * @throws StoreError; the next call retries
   */
  async tell(nowMs: number): Promise<boolean> {
    // While the store fails, further calls stay among the watched ones, whose number is limited.
    if (this.#clean.length < CLEAN_PEOPLE_AT_ONCE) this.#collect();
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

  /** Called at the start of a call and again at its end. */
  #met({ match, subjects, devices }: Extract<JournalRecord, { kind: 'encounter' }>): void {
    const nowMs = this.#options.nowMonotonicMs();
    const call = this.#calls.get(match);
    if (call !== undefined) {
      call.endedAtMs = nowMs;
      this.#options.onEnded(match);
      return;
    }
    const began: WatchedCall = {
      ...{ subjects, startedAtMs: nowMs, endedAtMs: null },
      ...{ reported: new Set<SubjectId>(), facts: null },
    };
    keepNewest(this.#calls, match, began, CALLS_WATCHED_MAX);
    this.#options.onBegan(match, subjects, devices);
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

/** Returns the call as the given user saw it, with one entry per other participant. */
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
