import type { DeviceKeyId, MatchId, SubjectId } from '@farandole/kernel/id';
import { type AtLeastTwo, mapSeats } from '@farandole/matchmaking/seats';
import type { UserSegment } from '@farandole/matchmaking/segment';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { PairSide, StoredPair } from '@farandole/moderation/store/stored';
import { pairIdOf } from '@farandole/moderation/trust/pairs';
import { SEATS } from '@farandole/protocol/fields';
import {
  GROUPS_NOTED_MAX,
  PAIRS_BATCH_MAX,
  PAIRS_PENDING_MAX,
  USERS_NOTED_MAX,
} from '../limits.ts';
import type { LogEvent } from '../observe/log.ts';
import { keepNewest } from './keep-newest.ts';
import { Outbox } from './outbox.ts';

export interface PairRecorderOptions {
  readonly store: Pick<ModerationStore, 'run'>;
  readonly wallMs: () => number;
  /**
   * How the user's age is known. Every user declares an age before the first search, and the node
   * knows no more about it.
   */
  readonly age: 'declared';
  readonly policy: number;
}

/**
 * Keeps the ledger of matched pairs. The recorder notes who was matched with whom and how each user
 * searched, and sends this to the store in batches. A crash loses the last seconds.
 */
export class PairRecorder {
  readonly #options: PairRecorderOptions;
  /** Segment of each user's last search, with the most recent search last. */
  readonly #places = new Map<SubjectId, UserSegment>();
  /**
   * Matched pairs that weren't sent to the store yet, in the order in which their calls started.
   */
  readonly #untold = new Outbox<MatchId, StoredPair>({
    waiting: PAIRS_PENDING_MAX,
    atOnce: PAIRS_BATCH_MAX,
  });
  /** Number of users of each running call with more than two. */
  readonly #groups = new Map<MatchId, number>();
  /** Ends of calls that weren't sent to the store yet. */
  readonly #ended = new Outbox<MatchId, { readonly id: MatchId; readonly endedAtMs: number }>({
    waiting: PAIRS_PENDING_MAX,
    atOnce: PAIRS_BATCH_MAX,
  });

  constructor(options: PairRecorderOptions) {
    this.#options = options;
  }

  searched(subject: SubjectId, place: UserSegment): void {
    keepNewest(this.#places, subject, place, USERS_NOTED_MAX);
  }

  /**
   * Called when a call begins. The call follows a search or, after a restart, is resumed by proofs
   * from both pages.
   */
  began(match: MatchId, subjects: AtLeastTwo<SubjectId>, devices?: AtLeastTwo<DeviceKeyId>): void {
    const { age, policy, wallMs } = this.#options;
    const people = mapSeats(subjects, (subject, at) => nowhere(subject, devices?.[at]));
    for (const { id, seats } of pairsOf(match, people.length)) {
      const [a, b] = seats.map((seat) => people[seat]);
      if (a === undefined || b === undefined) continue;
      this.#untold.note(id, { id, atMs: wallMs(), sides: [a, b], mode: null, age, policy });
    }
    if (people.length > 2) keepNewest(this.#groups, match, people.length, GROUPS_NOTED_MAX);
  }

  /** Called when a call ends. The time until the two may meet again begins then. */
  ended(match: MatchId): void {
    for (const { id } of pairsOf(match, this.#groups.get(match))) {
      this.#ended.note(id, { id, endedAtMs: this.#options.wallMs() });
    }
    this.#groups.delete(match);
  }

  /**
   * Adds a call's mode and segments from its `match-found` event. The segments are those of this
   * call, because neither user can search again before the call begins.
   */
  observe(event: LogEvent): void {
    if (event.event !== 'match-found') return;
    const { match, mode } = event;
    for (const { id } of pairsOf(match, this.#groups.get(match))) {
      this.#untold.change(id, (pair) => {
        const [a, b] = pair.sides;
        return { ...pair, mode, sides: [this.#placed(a), this.#placed(b)] };
      });
    }
  }

  /**
   * Sends a batch of pairs to the store.
   *
   * @returns whether more pairs are left
   * @throws StoreError; the next call retries
   */
  async tell(): Promise<boolean> {
    const { store } = this.#options;
    // A call's end is sent after its start, because the store ignores the end of an unknown call.
    if (await this.#untold.tell((pairs) => store.run('pairs.note', { pairs }))) return true;
    return await this.#ended.tell((ended) => store.run('pairs.note', { pairs: [], ended }));
  }

  /**
   * Sends all pairs to the store.
   *
   * @throws StoreError
   */
  async close(): Promise<void> {
    while (await this.tell());
  }

  #placed(side: PairSide): PairSide {
    return { ...side, place: this.#places.get(side.subject) ?? null };
  }
}

/** Returns the ids of the meetings of every two users of a call, and the places of their seats. */
function pairsOf(
  match: MatchId,
  people = 2,
): readonly { readonly id: MatchId; readonly seats: readonly number[] }[] {
  const names = SEATS.slice(0, people);
  return names.flatMap((one, at) =>
    names
      .slice(at + 1)
      .map((other, more) => ({ id: pairIdOf(match, [one, other]), seats: [at, at + 1 + more] })),
  );
}

/** Returns a pair's entry without a segment, for a user whose search this process didn't see. */
function nowhere(subject: SubjectId, device: DeviceKeyId | undefined): PairSide {
  return { subject, ...(device !== undefined && { device }), place: null };
}
