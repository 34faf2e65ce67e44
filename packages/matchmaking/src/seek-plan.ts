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

/** Marks a term that the seeker speaks; the lower bits number its interests. */
export const SPOKEN = 1 << TICKET_INTERESTS_MAX;
export const INTEREST_BITS = SPOKEN - 1;

/** The seeker's cursors are numbered like its entries, plus two. */
const NO_LANGUAGE_ENTRY = FIRST_LANGUAGE_ENTRY + TICKET_LANGUAGES_MAX;
const OPEN_ENTRY = NO_LANGUAGE_ENTRY + 1;

/** The lists that one seeker walks, their order, and what it shares with candidates. */
export class SeekPlan {
  steps = 0;
  readonly lists = new Int32Array(ENTRIES_PER_SLOT);
  /** For each list, the number of the seeker's cursor. */
  readonly entries = new Int32Array(ENTRIES_PER_SLOT);
  /** For each list, the score of its interest, or zero. */
  readonly scores = new Int32Array(ENTRIES_PER_SLOT);

  /** Wish bits plus the bits of facts. */
  wishes: Wishes = NO_WISH;
  speaks = false;
  /** For each term: the bit of the seeker's interest, `SPOKEN`, or 0. */
  marks = new Uint8Array(0);
  /** Score of each subset of the seeker's interests (at most 32), so that a probe adds nothing up. */
  readonly setScores = new Int32Array(SPOKEN);
  allInterests = 0;
  /** The subset of those that are common, for an unproven seeker; otherwise all. */
  commonInterests = 0;

  /** Plans a slot; `erase` it before planning the next. */
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

  /** Rarest interests first. */
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
   * Lists of tickets that need share no interest: by language first, since it scores, then without
   * a language, then the open. Together they contain every ticket that meets both sides' wishes; a
   * seeker without a language may meet all the free.
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
