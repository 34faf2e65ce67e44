import type { Prng } from '@farandole/kernel/prng';
import { type CrowdIndex, NO_TERM, ownerOf } from './crowd-index.ts';
import { NONE } from './linked-lists.ts';
import { AT_END, AT_START, Passes } from './passes.ts';
import { LANGUAGE_SCORE, WAITING_SCORE_MAX, waitingScore } from './score.ts';
import { INTEREST_BITS, SeekPlan, SPOKEN } from './seek-plan.ts';
import {
  INTERESTS_WORD,
  LANGUAGES_WORD,
  RECORD_DOUBLES,
  RECORD_WORDS,
  SEEN_WORD,
  SINCE_DOUBLE,
  STATE_WORD,
  WAITING,
  WISHES_WORD,
} from './slot-table.ts';
import type { Waiter } from './waiter.ts';
import { IN_GOOD_CIRCLE, wishesMet } from './widening.ts';

export interface PairingPolicy {
  /**
   * `best`: of those looked at in a turn, the one with the best score. `first`: the first who
   * will do, from the rarest shared interest on and the longest waiting first; cheaper, and no
   * worse at ending a wait.
   */
  readonly choose: 'best' | 'first';
  /** How many entries of one list a turn looks at. */
  readonly listLooksMax: number;
}

/** Less than any score. */
const NOBODY = -1;
/** Turns are numbered by 31 bits, since records are. */
const TURN_MAX = 0x7fff_ffff;

/**
 * Looks for the partner of one ticket at a time: its *turn*.
 *
 * A turn walks the lists in which somebody suitable can be, those of the rarest interests first,
 * each up to `listLooksMax` entries. If it finds nobody and there is more to look at, cursors
 * stay where the walks stopped and the next turn goes on from there. The turns until every list
 * has been walked to its end are one *pass*: then the ticket has been compared with everybody
 * whom it could meet.
 *
 * A hard rule is never outvoted by a score: whoever has the better score takes the lead only if
 * the rules permit the pair. They are asked then and not before, because a score is a few loads
 * from one line of the cache while the facts of two people are look-ups elsewhere, and most of
 * those looked at would not win anyway.
 */
export class Pairing {
  /** The slot of the partner that the last turn found, or `NONE`. */
  partner = NONE;
  /** The score of that pair. */
  score = 0;
  /** How many entries the last turn looked at. */
  looks = 0;
  /** Whether the last turn ended its pass, by a partner or by having seen everybody. */
  passEnded = true;

  readonly passes: Passes;
  readonly #index: CrowdIndex;
  readonly #policy: PairingPolicy;
  readonly #permits: (a: Waiter, b: Waiter) => boolean;
  readonly #plan = new SeekPlan();
  readonly #stops: Int32Array;
  /** Numbers the turns, so that a record knows whether this turn has seen it. */
  #turn = 0;
  /** The best score so far, without what the seeker's own waiting adds. */
  #best = NOBODY;
  /** How many were as good as the best. */
  #equals = 0;

  /** @param permits Whether the hard rules let the two meet. */
  constructor(
    index: CrowdIndex,
    policy: PairingPolicy,
    permits: (a: Waiter, b: Waiter) => boolean,
  ) {
    this.#index = index;
    this.#policy = policy;
    this.#permits = permits;
    this.passes = new Passes(index);
    this.#stops = new Int32Array(this.#plan.lists.length);
  }

  /** One turn of the waiter in `slot`. What came of it is in the fields above. */
  takeTurn(slot: number, nowMs: number, prng: Prng): void {
    const plan = this.#plan;
    plan.make(this.#index, slot);
    this.#begin(slot);
    const cursors = this.passes.cursors(slot);
    let isCut = false;
    // What somebody not seen yet may share: of the lists still to be walked, and of those that
    // were not walked from start to end in this turn.
    let restScore = plan.setScores[plan.allInterests] as number;
    let cutScore = 0;
    for (let step = 0; step < plan.steps; step++) {
      if (this.#isDecided(cutScore + restScore)) break;
      const lane = plan.lanes[step] as number;
      const from = cursors === null ? AT_START : (cursors[lane] as number);
      const stop = this.#walk(slot, plan.lists[step] as number, from, nowMs, prng);
      this.#stops[lane] = stop;
      if (stop !== AT_END) isCut = true;
      restScore -= plan.scores[step] as number;
      if (stop !== AT_END || from !== AT_START) cutScore += plan.scores[step] as number;
    }
    plan.erase(this.#index, slot);
    if (this.partner !== NONE) {
      this.score = this.#best + waitingScore(nowMs - this.#index.slots.waiter(slot).sinceMs);
    }
    this.passEnded = this.partner !== NONE || !isCut;
    if (this.passEnded) this.passes.end(slot);
    else this.passes.keep(slot, this.#stops);
  }

  /** Goes on numbering turns from there. For tests of the end of the numbers. */
  numberTurnsFrom(turn: number): void {
    this.#turn = turn;
  }

  #begin(slot: number): void {
    const { words } = this.#index.slots;
    if (this.#turn === TURN_MAX) {
      for (let at = SEEN_WORD; at < words.length; at += RECORD_WORDS) words[at] = 0;
      this.#turn = 0;
    }
    this.#turn++;
    // The seeker is in most of its lists; having been seen, it never meets itself.
    words[slot * RECORD_WORDS + SEEN_WORD] = this.#turn;
    this.partner = NONE;
    this.looks = 0;
    this.#best = NOBODY;
    this.#equals = 0;
    this.#stops.fill(AT_END);
  }

  /**
   * Whether the lists not walked yet cannot change the choice: nobody in them can score more than
   * the best so far (the bound of H. Turtle and J. Flood's MaxScore, 1995), or anybody would do.
   */
  #isDecided(interestScoreMax: number): boolean {
    if (this.partner === NONE) return false;
    if (this.#policy.choose === 'first') return true;
    const languageScoreMax = this.#plan.speaks ? LANGUAGE_SCORE : 0;
    return this.#best > interestScoreMax + languageScoreMax + WAITING_SCORE_MAX;
  }

  /**
   * Looks at the entries of one list from a cursor on.
   *
   * @returns The cursor where the walk stopped.
   */
  #walk(slot: number, list: number, from: number, nowMs: number, prng: Prng): number {
    const { links } = this.#index.postings;
    const { words, doubles } = this.#index.slots;
    const { marks, setScores, wishes, speaks } = this.#plan;
    const takesFirst = this.#policy.choose === 'first';
    const turn = this.#turn;
    let posting = from === AT_START ? this.#index.postings.first(list) : from;
    let left = this.#policy.listLooksMax;
    for (; posting !== NONE && left > 0; left--) {
      const other = ownerOf(posting);
      posting = links[posting * 2] as number;
      const record = other * RECORD_WORDS;
      if (words[record + SEEN_WORD] === turn || words[record + STATE_WORD] !== WAITING) continue;
      words[record + SEEN_WORD] = turn;

      let shared = 0;
      for (let word = INTERESTS_WORD; word < STATE_WORD; word++) {
        shared |= marks[words[record + word] as number] as number;
      }
      const sharesLanguage = (shared & SPOKEN) !== 0;
      const saysNothing = !speaks || words[record + LANGUAGES_WORD] === NO_TERM;
      const theirs = words[record + WISHES_WORD] as number;
      const interests = shared & INTEREST_BITS;
      const languageFits = sharesLanguage || saysNothing;
      const circleFits = ((wishes ^ theirs) & IN_GOOD_CIRCLE) === 0;
      if (!wishesMet(wishes | theirs, interests !== 0, languageFits, circleFits)) continue;

      let score = (setScores[interests] as number) + (sharesLanguage ? LANGUAGE_SCORE : 0);
      if (score + WAITING_SCORE_MAX < this.#best) continue;
      score += waitingScore(nowMs - (doubles[other * RECORD_DOUBLES + SINCE_DOUBLE] as number));
      if (score < this.#best) continue;
      const { slots } = this.#index;
      if (!this.#permits(slots.waiter(slot), slots.waiter(other))) continue;
      this.#lead(other, score, prng);
      if (takesFirst) {
        left--;
        break;
      }
    }
    this.looks += this.#policy.listLooksMax - left;
    return posting === NONE ? AT_END : posting;
  }

  /** Takes the candidate for the best so far; among equals, each is as likely as another. */
  #lead(candidate: number, score: number, prng: Prng): void {
    if (score > this.#best) this.#equals = 0;
    this.#best = score;
    this.#equals++;
    if (this.#equals === 1 || prng.below(this.#equals) === 0) this.partner = candidate;
  }
}
