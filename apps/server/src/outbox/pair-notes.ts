import type { MatchId, SubjectId } from '@farandole/kernel/id';
import type { Place } from '@farandole/matchmaking/circle';
import type { AtLeastTwo } from '@farandole/matchmaking/seats';
import type { KeptPair, PairSide } from '@farandole/moderation/store/kept';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { PAIRS_TOLD_AT_ONCE, PAIRS_UNTOLD_MAX, TRUST_KEPT_MAX } from '../limits.ts';
import type { LogEvent } from '../observe/log.ts';
import { keepNewest } from './keep-newest.ts';
import { Untold } from './untold.ts';

export interface PairNotesOptions {
  readonly store: Pick<ModerationStore, 'run'>;
  readonly wallMs: () => number;
  /**
   * What this server asks of everybody's age, which is all that can be known of one: nobody searches without it, and
   * nothing tells more. Where something does, a pair keeps what was known of each.
   */
  readonly age: 'declared';
  /** Its version of the rules. */
  readonly policy: number;
}

/**
 * The pair ledger: notices who is brought together with whom, with what was known of each when they
 * looked for somebody, and tells the store in bundles. Nobody waits for it. What the process had not
 * told yet when it was killed is of some seconds.
 */
export class PairNotes {
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

  /** A search of this person begins in this place. */
  searched(subject: SubjectId, place: Place): void {
    keepNewest(this.#places, subject, place, TRUST_KEPT_MAX);
  }

  /** A call began, by a search or, after a restart, by what two pages have of it. */
  began(id: MatchId, [a, b]: AtLeastTwo<SubjectId>): void {
    const { age, policy, wallMs } = this.#options;
    const sides = [nowhere(a), nowhere(b)] as const;
    const pair: KeptPair = { id, atMs: wallMs(), sides, mode: null, age, policy };
    this.#untold.note(id, pair);
  }

  /**
   * Takes the mode of a call that begins from its `match-found`, and the places of both: neither could
   * begin another search since the one in which they were found.
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
   * Tells the store of some of them.
   *
   * @returns whether there are more
   * @throws StoreError; they are told the next time
   */
  async tell(): Promise<boolean> {
    return await this.#untold.tell((pairs) => this.#options.store.run('pairs.note', { pairs }));
  }

  #placed({ subject }: PairSide): PairSide {
    return { subject, place: this.#places.get(subject) ?? null };
  }
}

/** A side of a call that no search of this run led to. */
function nowhere(subject: SubjectId): PairSide {
  return { subject, place: null };
}
