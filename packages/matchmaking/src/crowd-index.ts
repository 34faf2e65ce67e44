import { assert } from '@farandole/kernel/assert';
import { TICKET_INTERESTS_MAX, TICKET_LANGUAGES_MAX } from './limits.ts';
import { LinkedLists, NONE } from './linked-lists.ts';
import { spokenLanguages } from './score.ts';
import {
  DEPARTED,
  INTERESTS_WORD,
  LANGUAGES_WORD,
  RECORD_WORDS,
  SlotTable,
  WISHES_WORD,
} from './slot-table.ts';
import { TermTable } from './term-table.ts';
import type { Waiter } from './waiter.ts';
import { LISTED_WISHES, NO_WISH, SHARED_INTEREST, type Wishes } from './widening.ts';

/** In a record, where there is no (further) interest or language. Never a list. */
export const NO_TERM = 0;
/** The list of those who hold no wish for a shared interest. */
export const FREE_LIST = 1;
/** The list of those who hold no wish at all. */
export const OPEN_LIST = 2;
/** The list of those among the free who did not say what they speak. */
export const UNSAID_LIST = 3;
const FIRST_TERM = 4;

/** The lanes of a slot: each names one posting, that is, its place in one list. */
export const FIRST_LANGUAGE_LANE = TICKET_INTERESTS_MAX;
const FREE_LANE = TICKET_INTERESTS_MAX + TICKET_LANGUAGES_MAX;
const OPEN_LANE = FREE_LANE + 1;
export const LANES = OPEN_LANE + 1;

const FIRST_CAPACITY = 64;

/**
 * An inverted index over one crowd: for each interest the list of those who name it, for each
 * language the list of those *free* (without a wish for a shared interest) who speak it, and a
 * list each of the free, the open, and the free who did not say what they speak. Whoever looks
 * for a partner walks a few of these lists and never the crowd.
 *
 * The lists are made so that an entry is rarely in vain: whoever holds a wish is only in lists
 * whose readers meet it. They are in the order of joining, so the longest waiting come first.
 *
 * **Cursors.** A walk that stopped half-way rests on a posting, which it pins. A pinned posting
 * outlives its ticket as an empty marker, and its slot with it, until the last cursor has moved
 * on. So a walk goes on exactly where it stopped, whoever left meanwhile, and nobody is missed.
 */
export class CrowdIndex {
  readonly slots = new SlotTable();
  readonly terms = new TermTable(FIRST_TERM);
  /** One node a lane of each slot; the lists are numbered by term, with the three above. */
  readonly postings = new LinkedLists();
  /** How many cursors rest on a posting; absent means none. */
  readonly #pins = new Map<number, number>();
  #waiting = 0;

  constructor() {
    this.postings.growLists(FIRST_TERM);
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** The number of slots there is room for; only ever grows. */
  get capacity(): number {
    return this.slots.capacity;
  }

  /** The slot in which the waiter now waits, holding `wishes`. */
  enter(waiter: Waiter, wishes: Wishes): number {
    let slot = this.slots.allocate(waiter);
    if (slot === NONE) {
      this.#grow();
      slot = this.slots.allocate(waiter);
    }
    this.#waiting++;
    const { ticket } = waiter;
    const interests = slot * RECORD_WORDS + INTERESTS_WORD;
    for (const [i, interest] of ticket.interests.entries()) {
      this.slots.words[interests + i] = this.terms.acquire('interest', interest);
    }
    const languages = slot * RECORD_WORDS + LANGUAGES_WORD;
    for (const [i, language] of spokenLanguages(ticket).entries()) {
      this.slots.words[languages + i] = this.terms.acquire('language', language);
    }
    this.postings.growLists(this.terms.end);
    for (let lane = 0; lane < FIRST_LANGUAGE_LANE; lane++) this.#post(slot, lane);
    // Nothing is posted for wishes that are held; letting go of the others posts the rest.
    this.slots.words[slot * RECORD_WORDS + WISHES_WORD] = SHARED_INTEREST | wishes;
    this.letGo(slot, wishes);
    return slot;
  }

  /** The waiter holds only `wishes` from now on, a part of what it held. */
  letGo(slot: number, wishes: Wishes): void {
    const before = this.slots.wishes(slot);
    assert((wishes & ~before) === 0, 'a wish came back');
    this.slots.words[slot * RECORD_WORDS + WISHES_WORD] = wishes;
    const wasFree = (before & SHARED_INTEREST) === 0;
    const isFree = (wishes & SHARED_INTEREST) === 0;
    if (isFree && !wasFree) {
      for (let lane = FIRST_LANGUAGE_LANE; lane <= FREE_LANE; lane++) this.#post(slot, lane);
    }
    if (isOpen(wishes) && !isOpen(before)) this.#post(slot, OPEN_LANE);
  }

  /** The waiter is gone. Its own cursors must have been lifted before. */
  leave(slot: number): void {
    this.#waiting--;
    let pinned = false;
    for (let lane = 0; lane < LANES; lane++) {
      const list = this.listOf(slot, lane);
      if (list === NO_TERM) continue;
      if (this.#pins.has(slot * LANES + lane)) pinned = true;
      else this.postings.remove(list, slot * LANES + lane);
    }
    this.slots.depart(slot);
    for (let word = INTERESTS_WORD; word < LANGUAGES_WORD + TICKET_LANGUAGES_MAX; word++) {
      const term = this.slots.words[slot * RECORD_WORDS + word] as number;
      if (term !== NO_TERM) this.#release(term);
    }
    if (!pinned) this.slots.free(slot);
  }

  /** A cursor rests on the posting. */
  pin(posting: number): void {
    this.#pins.set(posting, (this.#pins.get(posting) ?? 0) + 1);
  }

  /** A cursor moves on. */
  unpin(posting: number): void {
    const left = (this.#pins.get(posting) ?? 0) - 1;
    assert(left >= 0, 'a posting is unpinned that no cursor rests on');
    if (left > 0) {
      this.#pins.set(posting, left);
      return;
    }
    this.#pins.delete(posting);
    const slot = ownerOf(posting);
    if (this.slots.state(slot) !== DEPARTED) return;
    this.postings.remove(this.listOf(slot, posting - slot * LANES), posting);
    for (let lane = 0; lane < LANES; lane++) {
      if (this.#pins.has(slot * LANES + lane)) return;
    }
    this.slots.free(slot);
  }

  /** How many cursors rest on each posting that has one. For invariants. */
  get pins(): ReadonlyMap<number, number> {
    return this.#pins;
  }

  /** The list in which a lane of a slot is posted, or `NO_TERM` when it is in none. */
  listOf(slot: number, lane: number): number {
    const wishes = this.slots.wishes(slot);
    if (lane < FIRST_LANGUAGE_LANE) return this.#word(slot, INTERESTS_WORD + lane);
    if ((wishes & SHARED_INTEREST) !== 0) return NO_TERM;
    if (lane === FREE_LANE) return FREE_LIST;
    if (lane === OPEN_LANE) return isOpen(wishes) ? OPEN_LIST : NO_TERM;
    const language = this.#word(slot, LANGUAGES_WORD + lane - FIRST_LANGUAGE_LANE);
    return language === NO_TERM && lane === FIRST_LANGUAGE_LANE ? UNSAID_LIST : language;
  }

  #word(slot: number, word: number): number {
    return this.slots.words[slot * RECORD_WORDS + word] as number;
  }

  #post(slot: number, lane: number): void {
    const list = this.listOf(slot, lane);
    if (list !== NO_TERM) this.postings.append(list, slot * LANES + lane);
  }

  #release(term: number): void {
    this.terms.release(term);
    // Only bearers of a term rest cursors in its list, so the last one leaves it empty.
    assert(
      this.terms.bearing(term) > 0 || this.postings.first(term) === NONE,
      'a list outlives its term',
    );
  }

  #grow(): void {
    const capacity = Math.max(FIRST_CAPACITY, this.slots.capacity * 2);
    this.slots.grow(capacity);
    this.postings.growNodes(capacity * LANES);
  }
}

/** The slot whose posting it is. */
export function ownerOf(posting: number): number {
  return Math.trunc(posting / LANES);
}

/** Whether somebody would take anybody, as far as lists are made for it. */
function isOpen(wishes: Wishes): boolean {
  return (wishes & LISTED_WISHES) === NO_WISH;
}
