import type { Prng } from '@farandole/kernel/prng';
import { type CrowdIndex, NO_TERM, ownerOf } from './crowd-index.ts';
import { isMutual } from './exchange.ts';
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
import type { TagUses } from './tag-uses.ts';
import type { Waiter } from './waiter.ts';
import { IN_GOOD_SEGMENT, ignoresRare, MUTUAL_EXCHANGE, wishesMet } from './widening.ts';

export interface PairingPolicy {
  /**
   * `best` takes the candidate with the best score in an attempt. `first` takes the first
   * acceptable candidate, by rarest shared interest and then longest wait. `first` costs less
   * and shortens waits as well.
   */
  readonly choose: 'best' | 'first';
  readonly listProbesMax: number;
  readonly tagUses: TagUses;
}

const NOBODY = -1;
/** Highest attempt number, because records store it in 31 bits. */
const TURN_MAX = 0x7fff_ffff;

/**
 * Searches a partner for one ticket at a time.
 * An attempt walks the lists that can contain a partner, rarest interest first, and reads at
 * most `listProbesMax` entries of each. If it finds no partner and entries remain, cursors store
 * where the next attempt resumes. The attempts until every list was walked are one *pass*. After
 * a pass the ticket was compared with every possible partner.
 * The hard rules are checked only for a candidate with a better score than the best so far,
 * because a score needs one cache line, while the rules need look-ups elsewhere, and most
 * candidates lose anyway. A score never overrides a rule.
 */
export class Pairing {
  /** Slot of the partner that the last attempt found, or `NONE`. */
  partner = NONE;
  score = 0;
  probes = 0;
  /** Whether the last attempt found a partner or finished comparing the ticket with all others. */
  passEnded = true;
  /**
   * Whether shared interests and languages don't count, so that the partner who has waited longest
   * is chosen, and at random among equals.
   */
  isRandom = false;

  readonly passes: Passes;
  readonly #index: CrowdIndex;
  readonly #policy: PairingPolicy;
  readonly #permits: (a: Waiter, b: Waiter) => boolean;
  readonly #plan = new SeekPlan();
  readonly #stops: Int32Array;
  /** Number of the current attempt. A record with this number was examined in this attempt. */
  #turn = 0;
  /** Best score found so far, without the bonus for the seeker's own wait. */
  #best = NOBODY;
  #equals = 0;

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

  /** Runs one attempt for a slot and writes its results to `partner`, `score` and `passEnded`. */
  attempt(slot: number, nowMs: number, prng: Prng): void {
    const plan = this.#plan;
    plan.make(this.#index, slot, this.#policy.tagUses, nowMs);
    if (this.isRandom) plan.ignoreScores();
    this.#begin(slot);
    const cursors = this.passes.cursors(slot);
    let isCut = false;
    // An unseen candidate can share any interest whose list wasn't walked from start to end.
    let restScore = plan.setScores[plan.allInterests] as number;
    let cutScore = 0;
    for (let step = 0; step < plan.steps; step++) {
      if (this.#isDecided(cutScore + restScore)) break;
      const entry = plan.entries[step] as number;
      const from = cursors === null ? AT_START : (cursors[entry] as number);
      const stop = this.#walk(slot, plan.lists[step] as number, from, nowMs, prng);
      this.#stops[entry] = stop;
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

  /** Sets the number of the next attempt, so that tests can reach the overflow. */
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
    // Marks the seeker as examined, because it is in most of its own lists.
    words[slot * RECORD_WORDS + SEEN_WORD] = this.#turn;
    this.partner = NONE;
    this.probes = 0;
    this.#best = NOBODY;
    this.#equals = 0;
    this.#stops.fill(AT_END);
  }

  get #takesFirst(): boolean {
    return this.#policy.choose === 'first' && !this.isRandom;
  }

  /**
   * Returns whether the remaining lists can't change the choice, because their maximum score is
   * too low (the bound of MaxScore, H. Turtle and J. Flood, 1995) or any acceptable candidate is
   * enough.
   */
  #isDecided(interestScoreMax: number): boolean {
    if (this.partner === NONE) return false;
    if (this.#takesFirst) return true;
    const languageScoreMax = this.#plan.speaks ? LANGUAGE_SCORE : 0;
    return this.#best > interestScoreMax + languageScoreMax + WAITING_SCORE_MAX;
  }

  /**
   * Walks one list from a cursor.
   *
   * @returns the cursor where the walk stopped
   */
  #walk(slot: number, list: number, from: number, nowMs: number, prng: Prng): number {
    const { links } = this.#index.postings;
    const { words, doubles } = this.#index.slots;
    const { marks, setScores, wishes, speaks, commonInterests } = this.#plan;
    const takesFirst = this.#takesFirst;
    const languageScore = this.isRandom ? 0 : LANGUAGE_SCORE;
    const turn = this.#turn;
    let posting = from === AT_START ? this.#index.postings.first(list) : from;
    let left = this.#policy.listProbesMax;
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
      const interests = shared & (ignoresRare(wishes, theirs) ? commonInterests : INTEREST_BITS);
      const languageFits = sharesLanguage || saysNothing;
      const segmentFits = ((wishes ^ theirs) & IN_GOOD_SEGMENT) === 0;
      if (!wishesMet(wishes | theirs, interests !== 0, languageFits, segmentFits)) continue;

      let score = (setScores[interests] as number) + (sharesLanguage ? languageScore : 0);
      if (score + WAITING_SCORE_MAX < this.#best) continue;
      score += waitingScore(nowMs - (doubles[other * RECORD_DOUBLES + SINCE_DOUBLE] as number));
      if (score < this.#best) continue;
      const { slots } = this.#index;
      const seeker = slots.waiter(slot);
      const found = slots.waiter(other);
      const isMutualOnly = ((wishes | theirs) & MUTUAL_EXCHANGE) !== 0;
      if (isMutualOnly && !isMutual(seeker.ticket, found.ticket)) continue;
      if (!this.#permits(seeker, found)) continue;
      this.#lead(other, score, prng);
      if (takesFirst) {
        left--;
        break;
      }
    }
    this.probes += this.#policy.listProbesMax - left;
    return posting === NONE ? AT_END : posting;
  }

  /** Takes a candidate that has the best score so far. Among equal scores it chooses randomly. */
  #lead(candidate: number, score: number, prng: Prng): void {
    if (score > this.#best) this.#equals = 0;
    this.#best = score;
    this.#equals++;
    if (this.#equals === 1 || prng.below(this.#equals) === 0) this.partner = candidate;
  }
}
