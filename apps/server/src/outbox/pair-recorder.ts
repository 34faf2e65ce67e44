import type { MatchId, SubjectId } from '@farandole/kernel/id';
import type { AtLeastTwo } from '@farandole/matchmaking/seats';
import type { UserSegment } from '@farandole/matchmaking/segment';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { PairSide, StoredPair } from '@farandole/moderation/store/stored';
import { PAIRS_BATCH_MAX, PAIRS_PENDING_MAX, TRUST_KEPT_MAX } from '../limits.ts';
import type { LogEvent } from '../observe/log.ts';
import { keepNewest } from './keep-newest.ts';
import { Outbox } from './outbox.ts';

export interface PairRecorderOptions {
  readonly store: Pick<ModerationStore, 'run'>;
  readonly wallMs: () => number;
  /** All users declare their age before they search. Nothing more is known of it. */
  readonly age: 'declared';
  readonly policy: number;
}

/**
 * The pair ledger: records who was matched with whom, and how each searched, and sends it to the
 * store in batches. A crash loses the last seconds.
 */
export class PairRecorder {
  readonly #options: PairRecorderOptions;
  /** Parameters of each user's last search, most recent last. */
  readonly #places = new Map<SubjectId, UserSegment>();
  /** In order of their start. */
  readonly #untold = new Outbox<MatchId, StoredPair>({
    waiting: PAIRS_PENDING_MAX,
    atOnce: PAIRS_BATCH_MAX,
  });

  constructor(options: PairRecorderOptions) {
    this.#options = options;
  }

  searched(subject: SubjectId, place: UserSegment): void {
    keepNewest(this.#places, subject, place, TRUST_KEPT_MAX);
  }

  /** A call began, from a search or, after a restart, from two pages' proofs. */
  began(id: MatchId, [a, b]: AtLeastTwo<SubjectId>): void {
    const { age, policy, wallMs } = this.#options;
    const sides = [nowhere(a), nowhere(b)] as const;
    const pair: StoredPair = { id, atMs: wallMs(), sides, mode: null, age, policy };
    this.#untold.note(id, pair);
  }

  /**
   * Takes mode and search parameters at `match-found`: neither user can search again before the
   * call begins.
   */
  observe(event: LogEvent): void {
    if (event.event !== 'match-found') return;
    const { match, mode } = event;
    this.#untold.change(match, (pair) => {
      const [a, b] = pair.sides;
      return { ...pair, mode, sides: [this.#placed(a), this.#placed(b)] };
    });
  }

  /** Sends a batch to the store. @returns whether there is more @throws StoreError; the next call retries */
  async tell(): Promise<boolean> {
    return await this.#untold.tell((pairs) => this.#options.store.run('pairs.note', { pairs }));
  }

  #placed({ subject }: PairSide): PairSide {
    return { subject, place: this.#places.get(subject) ?? null };
  }
}

/** For a call without a search in this process. */
function nowhere(subject: SubjectId): PairSide {
  return { subject, place: null };
}
