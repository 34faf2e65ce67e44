import type { DeviceKeyId, MatchId, SubjectId } from '@farandole/kernel/id';
import type { AtLeastTwo } from '@farandole/matchmaking/seats';
import type { UserSegment } from '@farandole/matchmaking/segment';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { PairSide, StoredPair } from '@farandole/moderation/store/stored';
import { PAIRS_BATCH_MAX, PAIRS_PENDING_MAX, USERS_NOTED_MAX } from '../limits.ts';
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
  began(id: MatchId, [a, b]: AtLeastTwo<SubjectId>, devices?: AtLeastTwo<DeviceKeyId>): void {
    const { age, policy, wallMs } = this.#options;
    const sides = [nowhere(a, devices?.[0]), nowhere(b, devices?.[1])] as const;
    const pair: StoredPair = { id, atMs: wallMs(), sides, mode: null, age, policy };
    this.#untold.note(id, pair);
  }

  /** Called when a call ends. The time until the two may meet again begins then. */
  ended(id: MatchId): void {
    this.#ended.note(id, { id, endedAtMs: this.#options.wallMs() });
  }

  /**
   * Adds a call's mode and segments from its `match-found` event. The segments are those of this
   * call, because neither user can search again before the call begins.
   */
  observe(event: LogEvent): void {
    if (event.event !== 'match-found') return;
    const { match, mode } = event;
    this.#untold.change(match, (pair) => {
      const [a, b] = pair.sides;
      return { ...pair, mode, sides: [this.#placed(a), this.#placed(b)] };
    });
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

/** Returns a pair's entry without a segment, for a user whose search this process didn't see. */
function nowhere(subject: SubjectId, device: DeviceKeyId | undefined): PairSide {
  return { subject, ...(device !== undefined && { device }), place: null };
}
