import type { Circles } from '@farandole/gateway/ports';
import type { MatchId, SubjectId } from '@farandole/kernel/id';
import type { Place } from '@farandole/matchmaking/circle';
import type { KeptPair, PairSide } from '@farandole/moderation/kept';
import type { ModerationStore } from '@farandole/moderation/ports';
import { PAIRS_TOLD_AT_ONCE, PAIRS_UNTOLD_MAX, TRUST_KEPT_MAX } from '../limits.ts';
import { keepNewest } from './keep-newest.ts';
import { Untold } from './untold.ts';

export interface PairNotesOptions {
  readonly store: Pick<ModerationStore, 'run'>;
  readonly circles: Circles;
  readonly wallMs: () => number;
  /** What this server asks of everybody's age, and its version of the rules. */
  readonly age: string;
  readonly policy: number;
}

/**
 * The pair ledger: notices who is brought together with whom, with what was known of each when they
 * looked for somebody, and tells the store in bundles. Nobody waits for it. What the process had not
 * told yet when it was killed is of some seconds.
 */
export class PairNotes implements Circles {
  readonly #options: PairNotesOptions;
  /** Where each was in their last search, those who searched last. */
  readonly #places = new Map<SubjectId, Place>();
  /** In the order in which they began. */
  readonly #untold = new Untold<MatchId, KeptPair>({
    waiting: PAIRS_UNTOLD_MAX,
    atOnce: PAIRS_TOLD_AT_ONCE,
  });

  constructor(options: PairNotesOptions) {
    this.#options = options;
  }

  placeOf(subject: SubjectId, nowMs: number): Place {
    const place = this.#options.circles.placeOf(subject, nowMs);
    keepNewest(this.#places, subject, place, TRUST_KEPT_MAX);
    return place;
  }

  /** A call began. */
  began(id: MatchId, [a, b]: readonly [SubjectId, SubjectId]): void {
    const { age, policy, wallMs } = this.#options;
    const sides = [this.#sideOf(a), this.#sideOf(b)] as const;
    const pair: KeptPair = { id, atMs: wallMs(), sides, mode: null, age, policy };
    this.#untold.note(id, pair);
  }

  /** Which mode a call that has just begun is of. */
  found(id: MatchId, mode: string): void {
    this.#untold.change(id, (pair) => ({ ...pair, mode }));
  }

  /**
   * Tells the store of some of them.
   *
   * @returns whether there are more
   * @throws StoreError; they are told the next time
   */
  async tell(): Promise<boolean> {
    return await this.#untold.tell((pairs) => this.#options.store.run('pairs.note', { pairs }));
  }

  #sideOf(subject: SubjectId): PairSide {
    return { subject, place: this.#places.get(subject) ?? null };
  }
}
