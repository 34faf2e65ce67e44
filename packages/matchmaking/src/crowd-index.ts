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
import { isUnproven, type TagUses } from './tag-uses.ts';
import { TermTable } from './term-table.ts';
import type { Waiter } from './waiter.ts';
import { LISTED_WISHES, NO_WISH, SHARED_INTEREST, UNPROVEN, type Wishes } from './widening.ts';

/** Fills unused interest and language fields of a record. No posting list has this number. */
export const NO_TERM = 0;
/** List of the tickets that don't require a shared interest now. */
export const FREE_LIST = 1;
/** List of the tickets that require neither a shared interest nor a shared language now. */
export const OPEN_LIST = 2;
/** List of the tickets that named no language and don't require a shared interest now. */
export const UNSAID_LIST = 3;
const FIRST_TERM = 4;

/**
 * A ticket has one numbered index entry for each interest, then for each language, then two
 * more. An entry is in at most one posting list.
 */
export const FIRST_LANGUAGE_ENTRY = TICKET_INTERESTS_MAX;
const FREE_ENTRY = TICKET_INTERESTS_MAX + TICKET_LANGUAGES_MAX;
const OPEN_ENTRY = FREE_ENTRY + 1;
export const ENTRIES_PER_SLOT = OPEN_ENTRY + 1;

const FIRST_CAPACITY = 64;

/**
 * Inverted index over the waiting tickets of one crowd. A *free* ticket currently requires no
 * shared interest; an *open* one requires no shared language either. The index has one list of
 * tickets per interest, one list of free tickets per language, and one list each of the free
 * tickets, the open tickets, and the free tickets without a language. A search walks a few of
 * these lists and never the whole crowd.
 * A ticket that requires something is only in lists whose readers can offer it, so few entries
 * are read in vain. Lists are in joining order, so the longest waiting ticket comes first.
 * **Cursors.** A paused walk rests on a list entry and pins it. A pinned entry and its slot
 * outlive their ticket as an empty marker until the last cursor moves on. So a walk resumes
 * exactly where it stopped and skips no ticket.
 */
export class CrowdIndex {
  readonly slots = new SlotTable();
  readonly terms = new TermTable(FIRST_TERM);
  /**
   * Lists of index entries. The first three are the constants above; every further list belongs
   * to a term.
   */
  readonly postings = new LinkedLists();
  /** Number of cursors that rest on each list entry. Entries without cursors are absent. */
  readonly #pins = new Map<number, number>();
  #waiting = 0;
  #counted = 0;

  constructor() {
    this.postings.growLists(FIRST_TERM);
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Number of waiting proven users, at least one. One person can pose as many unproven users. */
  get counted(): number {
    return Math.max(1, this.#counted);
  }

  countedBearing(term: number): number {
    return Math.max(1, this.terms.counted(term));
  }

  /** Number of slots allocated. Never shrinks. */
  get capacity(): number {
    return this.slots.capacity;
  }

  enter(waiter: Waiter, wishes: Wishes): number {
    let slot = this.slots.allocate(waiter);
    if (slot === NONE) {
      this.#grow();
      slot = this.slots.allocate(waiter);
    }
    this.#waiting++;
    const { ticket } = waiter;
    const isCounted = !isUnproven(ticket);
    if (isCounted) this.#counted++;
    const interests = slot * RECORD_WORDS + INTERESTS_WORD;
    for (const [i, interest] of ticket.interests.entries()) {
      this.slots.words[interests + i] = this.terms.acquire('interest', interest, isCounted);
    }
    const languages = slot * RECORD_WORDS + LANGUAGES_WORD;
    for (const [i, language] of spokenLanguages(ticket).entries()) {
      this.slots.words[languages + i] = this.terms.acquire('language', language, isCounted);
    }
    this.postings.growLists(this.terms.end);
    for (let entry = 0; entry < FIRST_LANGUAGE_ENTRY; entry++) this.#post(slot, entry);
    // Adds the ticket only to lists that its current requirements allow. Dropping a requirement
    // adds it to more lists.
    this.slots.words[slot * RECORD_WORDS + WISHES_WORD] = SHARED_INTEREST | wishes;
    this.dropWishes(slot, wishes);
    return slot;
  }

  /** Records which interests a new ticket uses. Interests in constant use cost no look-up. */
  noteUses({ slot, ticket }: Waiter, uses: TagUses, nowMs: number): void {
    const { freshUntilMs } = this.terms;
    const interests = slot * RECORD_WORDS + INTERESTS_WORD;
    for (let i = 0; i < ticket.interests.length; i++) {
      const term = this.slots.words[interests + i] as number;
      if (nowMs < (freshUntilMs[term] as number)) continue;
      freshUntilMs[term] = uses.note(this.terms.text(term), ticket, nowMs);
    }
  }

  /** Replaces a ticket's current requirements by the remaining subset `wishes`. */
  dropWishes(slot: number, wishes: Wishes): void {
    const before = this.slots.wishes(slot);
    assert((wishes & ~before) === 0, 'a dropped wish reappeared');
    this.slots.words[slot * RECORD_WORDS + WISHES_WORD] = wishes;
    const wasFree = (before & SHARED_INTEREST) === 0;
    const isFree = (wishes & SHARED_INTEREST) === 0;
    if (isFree && !wasFree) {
      for (let entry = FIRST_LANGUAGE_ENTRY; entry <= FREE_ENTRY; entry++) this.#post(slot, entry);
    }
    if (isOpen(wishes) && !isOpen(before)) this.#post(slot, OPEN_ENTRY);
  }

  /** Removes a ticket. The caller must have removed the ticket's own cursors before. */
  leave(slot: number): void {
    this.#waiting--;
    const isCounted = (this.slots.wishes(slot) & UNPROVEN) === 0;
    if (isCounted) this.#counted--;
    let pinned = false;
    for (let entry = 0; entry < ENTRIES_PER_SLOT; entry++) {
      const list = this.listOf(slot, entry);
      if (list === NO_TERM) continue;
      if (this.#pins.has(slot * ENTRIES_PER_SLOT + entry)) pinned = true;
      else this.postings.remove(list, slot * ENTRIES_PER_SLOT + entry);
    }
    this.slots.depart(slot);
    for (let word = INTERESTS_WORD; word < LANGUAGES_WORD + TICKET_LANGUAGES_MAX; word++) {
      const term = this.slots.words[slot * RECORD_WORDS + word] as number;
      if (term !== NO_TERM) this.#release(term, isCounted);
    }
    if (!pinned) this.slots.free(slot);
  }

  pin(posting: number): void {
    this.#pins.set(posting, (this.#pins.get(posting) ?? 0) + 1);
  }

  unpin(posting: number): void {
    const left = (this.#pins.get(posting) ?? 0) - 1;
    assert(left >= 0, 'unpinned a posting without a cursor');
    if (left > 0) {
      this.#pins.set(posting, left);
      return;
    }
    this.#pins.delete(posting);
    const slot = ownerOf(posting);
    if (this.slots.state(slot) !== DEPARTED) return;
    this.postings.remove(this.listOf(slot, posting - slot * ENTRIES_PER_SLOT), posting);
    for (let entry = 0; entry < ENTRIES_PER_SLOT; entry++) {
      if (this.#pins.has(slot * ENTRIES_PER_SLOT + entry)) return;
    }
    this.slots.free(slot);
  }

  get pins(): ReadonlyMap<number, number> {
    return this.#pins;
  }

  /** Returns the list that contains the entry, or `NO_TERM` if none does. */
  listOf(slot: number, entry: number): number {
    const wishes = this.slots.wishes(slot);
    if (entry < FIRST_LANGUAGE_ENTRY) return this.#word(slot, INTERESTS_WORD + entry);
    if ((wishes & SHARED_INTEREST) !== 0) return NO_TERM;
    if (entry === FREE_ENTRY) return FREE_LIST;
    if (entry === OPEN_ENTRY) return isOpen(wishes) ? OPEN_LIST : NO_TERM;
    const language = this.#word(slot, LANGUAGES_WORD + entry - FIRST_LANGUAGE_ENTRY);
    return language === NO_TERM && entry === FIRST_LANGUAGE_ENTRY ? UNSAID_LIST : language;
  }

  #word(slot: number, word: number): number {
    return this.slots.words[slot * RECORD_WORDS + word] as number;
  }

  #post(slot: number, entry: number): void {
    const list = this.listOf(slot, entry);
    if (list !== NO_TERM) this.postings.append(list, slot * ENTRIES_PER_SLOT + entry);
  }

  #release(term: number, isCounted: boolean): void {
    this.terms.release(term, isCounted);
    // Only tickets that name this interest or language rest cursors in its list, so the list is
    // empty after the last of them left.
    assert(
      this.terms.bearing(term) > 0 || this.postings.first(term) === NONE,
      'a list outlives its term',
    );
  }

  #grow(): void {
    const capacity = Math.max(FIRST_CAPACITY, this.slots.capacity * 2);
    this.slots.grow(capacity);
    this.postings.growNodes(capacity * ENTRIES_PER_SLOT);
  }
}

export function ownerOf(posting: number): number {
  return Math.trunc(posting / ENTRIES_PER_SLOT);
}

/** Returns whether a ticket requires neither a shared interest nor a shared language. */
function isOpen(wishes: Wishes): boolean {
  return (wishes & LISTED_WISHES) === NO_WISH;
}
