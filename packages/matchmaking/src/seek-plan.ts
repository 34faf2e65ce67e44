import {
  type CrowdIndex,
  FIRST_LANGUAGE_LANE,
  FREE_LIST,
  LANES,
  NO_TERM,
  OPEN_LIST,
  UNSAID_LIST,
} from './crowd-index.ts';
import { TICKET_INTERESTS_MAX, TICKET_LANGUAGES_MAX } from './limits.ts';
import { rarityScore } from './score.ts';
import { INTERESTS_WORD, LANGUAGES_WORD, RECORD_WORDS } from './slot-table.ts';
import { LISTED_WISHES, NO_WISH, SHARED_INTEREST, type Wishes } from './widening.ts';

/** The mark of a term that the seeker speaks; the lower bits number its interests. */
export const SPOKEN = 1 << TICKET_INTERESTS_MAX;
/** All the bits of interests. */
export const INTEREST_BITS = SPOKEN - 1;

/** The lanes of a seeker's cursors are those of its own postings, save for the last two. */
const NO_LANGUAGE_LANE = FIRST_LANGUAGE_LANE + TICKET_LANGUAGES_MAX;
const OPEN_LANE = NO_LANGUAGE_LANE + 1;

/** Which lists one seeker walks, in which order, and what it shares with whoever is met there. */
export class SeekPlan {
  /** How many lists there are to walk. */
  steps = 0;
  readonly lists = new Int32Array(LANES);
  /** For each list, under which number the seeker's cursor in it is kept. */
  readonly lanes = new Int32Array(LANES);
  /** For each list, the score of the interest that it stands for, or zero. */
  readonly scores = new Int32Array(LANES);

  /** The wishes that the seeker holds, and its circle beside them. */
  wishes: Wishes = NO_WISH;
  /** Whether the seeker said what it speaks. */
  speaks = false;
  /** For each term, what it is to the seeker: the bit of its interest, `SPOKEN`, or nothing. */
  marks = new Uint8Array(0);
  /**
   * The score of each set of the seeker's interests, numbered by their bits: at most 32. So a
   * look at somebody adds nothing up, it reads one number.
   */
  readonly setScores = new Int32Array(SPOKEN);
  /** The number of the set of all of them. */
  allInterests = 0;

  /** Makes the plan of a slot, which must be erased before the next one is made. */
  make(index: CrowdIndex, slot: number): void {
    if (this.marks.length < index.terms.end) this.marks = new Uint8Array(index.terms.end * 2);
    this.steps = 0;
    this.wishes = index.slots.wishes(slot);
    this.#addInterests(index, slot);
    this.#markInterests();
    const languages = slot * RECORD_WORDS + LANGUAGES_WORD;
    this.speaks = index.slots.words[languages] !== NO_TERM;
    for (let i = 0; i < TICKET_LANGUAGES_MAX; i++) {
      this.marks[index.slots.words[languages + i] as number] = SPOKEN;
    }
    this.marks[NO_TERM] = 0;
    if ((this.wishes & SHARED_INTEREST) === 0) this.#addOthers(index, slot);
  }

  /** Takes the marks of that slot away again. */
  erase(index: CrowdIndex, slot: number): void {
    const record = slot * RECORD_WORDS;
    for (let word = INTERESTS_WORD; word < LANGUAGES_WORD + TICKET_LANGUAGES_MAX; word++) {
      this.marks[index.slots.words[record + word] as number] = 0;
    }
  }

  /** The lists of the seeker's interests, the rarest first. */
  #addInterests(index: CrowdIndex, slot: number): void {
    const interests = slot * RECORD_WORDS + INTERESTS_WORD;
    for (let lane = 0; lane < TICKET_INTERESTS_MAX; lane++) {
      const term = index.slots.words[interests + lane] as number;
      if (term === NO_TERM) break;
      const score = rarityScore(index.waiting, index.terms.bearing(term));
      let step = this.steps;
      for (; step > 0 && (this.scores[step - 1] as number) < score; step--) {
        this.#set(
          step,
          this.lists[step - 1] as number,
          this.lanes[step - 1] as number,
          this.scores[step - 1] as number,
        );
      }
      this.#set(step, term, lane, score);
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

  /**
   * The lists of those with whom the seeker need share no interest: by language first, since that
   * scores, then whoever did not say, then everybody who would take anybody. Together they hold
   * everyone who meets the wishes of both; whoever named no language is free to meet all the free.
   */
  #addOthers(index: CrowdIndex, slot: number): void {
    if (!this.speaks) {
      this.#add(FREE_LIST, NO_LANGUAGE_LANE);
      return;
    }
    const languages = slot * RECORD_WORDS + LANGUAGES_WORD;
    for (let i = 0; i < TICKET_LANGUAGES_MAX; i++) {
      const term = index.slots.words[languages + i] as number;
      if (term === NO_TERM) break;
      this.#add(term, FIRST_LANGUAGE_LANE + i);
    }
    this.#add(UNSAID_LIST, NO_LANGUAGE_LANE);
    if ((this.wishes & LISTED_WISHES) === NO_WISH) this.#add(OPEN_LIST, OPEN_LANE);
  }

  #add(list: number, lane: number): void {
    this.#set(this.steps, list, lane, 0);
    this.steps++;
  }

  #set(step: number, list: number, lane: number, score: number): void {
    this.lists[step] = list;
    this.lanes[step] = lane;
    this.scores[step] = score;
  }
}
