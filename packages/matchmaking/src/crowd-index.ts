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

/** Marks an unused interest or language of a record. Never a list. */
export const NO_TERM = 0;
/** Tickets without a held wish for a shared interest. */
export const FREE_LIST = 1;
/** Tickets without any held wish. */
export const OPEN_LIST = 2;
/** Free tickets that named no language. */
export const UNSAID_LIST = 3;
const FIRST_TERM = 4;

/** Numbers of a slot's entries. Each entry is in at most one list and is also called a posting. */
export const FIRST_LANGUAGE_ENTRY = TICKET_INTERESTS_MAX;
const FREE_ENTRY = TICKET_INTERESTS_MAX + TICKET_LANGUAGES_MAX;
const OPEN_ENTRY = FREE_ENTRY + 1;
export const ENTRIES_PER_SLOT = OPEN_ENTRY + 1;

const FIRST_CAPACITY = 64;

/**
 * An inverted index over one crowd: a list of tickets per interest, a list per language of *free*
 * tickets (without a wish for a shared interest), and a list each of the free, the open, and the
 * free without a language. A search walks a few of these lists and never the whole crowd.
 * Tickets with a wish are only in lists whose readers can meet it, so few entries are read in
 * vain. Lists are in joining order: the longest waiting come first.
 * **Cursors.** A paused walk rests on a posting and pins it. A pinned posting and its slot outlive
 * their ticket as an empty marker until the last cursor moves on. So a walk resumes exactly where
 * it stopped and skips no ticket.
 */
export class CrowdIndex {
  readonly slots = new SlotTable();
  readonly terms = new TermTable(FIRST_TERM);
  /** One node per entry of each slot; lists are numbered by term, after the three above. */
  readonly postings = new LinkedLists();
  /** Number of cursors resting on a posting; absent means none. */
  readonly #pins = new Map<number, number>();
  #waiting = 0;
  #counted = 0;

  constructor() {
    this.postings.growLists(FIRST_TERM);
  }

  get waiting(): number {
    return this.#waiting;
  }

  /**
   * How many count as waiting, at least one. Unproven people don't count, because one person can
   * make up many.
   */
  get counted(): number {
    return Math.max(1, this.#counted);
  }

  countedBearing(term: number): number {
    return Math.max(1, this.terms.counted(term));
  }

  /** Number of slots allocated; never shrinks. */
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
    // Postings for held wishes are omitted; dropping a wish adds them.
    this.slots.words[slot * RECORD_WORDS + WISHES_WORD] = SHARED_INTEREST | wishes;
    this.dropWishes(slot, wishes);
    return slot;
  }

  /** Notes the interests of a ticket that just entered; one in constant use costs no look-up. */
  noteUses({ slot, ticket }: Waiter, uses: TagUses, nowMs: number): void {
    const { freshUntilMs } = this.terms;
    const interests = slot * RECORD_WORDS + INTERESTS_WORD;
    for (let i = 0; i < ticket.interests.length; i++) {
      const term = this.slots.words[interests + i] as number;
      if (nowMs < (freshUntilMs[term] as number)) continue;
      freshUntilMs[term] = uses.note(this.terms.text(term), ticket, nowMs);
    }
  }

  /** `wishes` is the remaining subset. */
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

  /** The caller must have removed the waiter's own cursors before. */
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

  /** `NO_TERM` if the entry is in no list. */
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
    // Only bearers of a term rest cursors in its list, so it is empty after the last one.
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

/** Whether the lists treat the ticket as accepting anyone. */
function isOpen(wishes: Wishes): boolean {
  return (wishes & LISTED_WISHES) === NO_WISH;
}
