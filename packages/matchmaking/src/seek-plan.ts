import {
  type CrowdIndex,
  ENTRIES_PER_SLOT,
  FIRST_LANGUAGE_ENTRY,
  FREE_LIST,
  NO_TERM,
  OPEN_LIST,
  UNSAID_LIST,
} from './crowd-index.ts';
import { TICKET_INTERESTS_MAX, TICKET_LANGUAGES_MAX } from './limits.ts';
import { rarityScore } from './score.ts';
import { INTERESTS_WORD, LANGUAGES_WORD, RECORD_WORDS } from './slot-table.ts';
import type { TagUses } from './tag-uses.ts';
import { LISTED_WISHES, NO_WISH, SHARED_INTEREST, UNPROVEN, type Wishes } from './widening.ts';

/** Bit of a language that the seeker speaks. The lower bits stand for the seeker's interests. */
export const SPOKEN = 1 << TICKET_INTERESTS_MAX;
export const INTEREST_BITS = SPOKEN - 1;

/** Numbers of the seeker's two cursors beyond those for its interests and languages. */
const NO_LANGUAGE_ENTRY = FIRST_LANGUAGE_ENTRY + TICKET_LANGUAGES_MAX;
const OPEN_ENTRY = NO_LANGUAGE_ENTRY + 1;

/** The posting lists that the search for a ticket walks, their order, and the ticket's terms. */
export class SeekPlan {
  steps = 0;
  readonly lists = new Int32Array(ENTRIES_PER_SLOT);
  /** For each list that the search walks, the number of the seeker's cursor in it. */
  readonly entries = new Int32Array(ENTRIES_PER_SLOT);
  /** For each list that the search walks, the score of its interest. Zero for other lists. */
  readonly scores = new Int32Array(ENTRIES_PER_SLOT);

  /** Bits of the seeker's current requirements and facts. */
  wishes: Wishes = NO_WISH;
  speaks = false;
  /** For each term, the bit of the seeker's interest, `SPOKEN` for its language, or 0. */
  marks = new Uint8Array(0);
  /** Score of each subset (at most 32) of the seeker's interests, computed once per search. */
  readonly setScores = new Int32Array(SPOKEN);
  allInterests = 0;
  /** For an unproven seeker, those of its interests that enough people use. Otherwise all. */
  commonInterests = 0;

  /** Plans the search for a slot. `erase` must be called before the next plan is made. */
  make(index: CrowdIndex, slot: number, uses: TagUses, nowMs: number): void {
    if (this.marks.length < index.terms.end) this.marks = new Uint8Array(index.terms.end * 2);
    this.steps = 0;
    this.wishes = index.slots.wishes(slot);
    this.#addInterests(index, slot);
    this.#markInterests();
    this.commonInterests = this.allInterests;
    if ((this.wishes & UNPROVEN) !== 0) this.#omitRare(index, uses, nowMs);
    const languages = slot * RECORD_WORDS + LANGUAGES_WORD;
    this.speaks = index.slots.words[languages] !== NO_TERM;
    for (let i = 0; i < TICKET_LANGUAGES_MAX; i++) {
      this.marks[index.slots.words[languages + i] as number] = SPOKEN;
    }
    this.marks[NO_TERM] = 0;
    if ((this.wishes & SHARED_INTEREST) === 0) this.#addOthers(index, slot);
  }

  erase(index: CrowdIndex, slot: number): void {
    const record = slot * RECORD_WORDS;
    for (let word = INTERESTS_WORD; word < LANGUAGES_WORD + TICKET_LANGUAGES_MAX; word++) {
      this.marks[index.slots.words[record + word] as number] = 0;
    }
  }

  /** Makes shared interests score nothing. The lists and their order stay. */
  ignoreScores(): void {
    this.scores.fill(0);
    this.setScores.fill(0);
  }

  /** Adds the lists of the seeker's interests, rarest first. */
  #addInterests(index: CrowdIndex, slot: number): void {
    const interests = slot * RECORD_WORDS + INTERESTS_WORD;
    for (let entry = 0; entry < TICKET_INTERESTS_MAX; entry++) {
      const term = index.slots.words[interests + entry] as number;
      if (term === NO_TERM) break;
      const score = rarityScore(index.counted, index.countedBearing(term));
      let step = this.steps;
      for (; step > 0 && (this.scores[step - 1] as number) < score; step--) {
        this.#set(
          step,
          this.lists[step - 1] as number,
          this.entries[step - 1] as number,
          this.scores[step - 1] as number,
        );
      }
      this.#set(step, term, entry, score);
      this.steps++;
    }
  }

  #markInterests(): void {
    let sets = 1;
    for (let step = 0; step < this.steps; step++) {
      this.marks[this.lists[step] as number] = sets;
      const score = this.scores[step] as number;
      for (let set = 0; set < sets; set++) {
        this.setScores[sets + set] = (this.setScores[set] as number) + score;
      }
      sets *= 2;
    }
    this.allInterests = sets - 1;
  }

  #omitRare(index: CrowdIndex, uses: TagUses, nowMs: number): void {
    for (let step = 0; step < this.steps; step++) {
      const term = this.lists[step] as number;
      const isCommon = uses.isCommon(index.terms.text(term), nowMs);
      if (!isCommon) this.commonInterests &= ~(this.marks[term] as number);
    }
  }

  /**
   * Adds the lists of tickets that require no shared interest. Lists by language come first
   * because a shared language scores, then tickets without a language, then tickets that require
   * nothing. Together they contain every ticket that satisfies the requirements of both sides. A
   * seeker without a language searches all tickets that require no shared interest.
   */
  #addOthers(index: CrowdIndex, slot: number): void {
    if (!this.speaks) {
      this.#add(FREE_LIST, NO_LANGUAGE_ENTRY);
      return;
    }
    const languages = slot * RECORD_WORDS + LANGUAGES_WORD;
    for (let i = 0; i < TICKET_LANGUAGES_MAX; i++) {
      const term = index.slots.words[languages + i] as number;
      if (term === NO_TERM) break;
      this.#add(term, FIRST_LANGUAGE_ENTRY + i);
    }
    this.#add(UNSAID_LIST, NO_LANGUAGE_ENTRY);
    if ((this.wishes & LISTED_WISHES) === NO_WISH) this.#add(OPEN_LIST, OPEN_ENTRY);
  }

  #add(list: number, entry: number): void {
    this.#set(this.steps, list, entry, 0);
    this.steps++;
  }

  #set(step: number, list: number, entry: number, score: number): void {
    this.lists[step] = list;
    this.entries[step] = entry;
    this.scores[step] = score;
  }
}
