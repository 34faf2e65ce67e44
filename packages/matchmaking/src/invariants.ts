import { assert } from '@farandole/kernel/assert';
import type { Crowd } from './crowd.ts';
import { type CrowdIndex, ENTRIES_PER_SLOT, NO_TERM, ownerOf } from './crowd-index.ts';
import { NONE } from './linked-lists.ts';
import { INTERESTS_WORD, RECORD_WORDS, STATE_WORD, VACANT, WAITING } from './slot-table.ts';
import { UNPROVEN } from './widening.ts';

/**
 * Checks the data structures of a crowd. Used by tests and simulations.
 *
 * @throws AssertionError at the first contradiction
 */
export function checkCrowd(crowd: Crowd): void {
  const { index } = crowd;
  checkPins(crowd);
  checkLists(index);
  checkTerms(index);
  let waiting = 0;
  for (let slot = 0; slot < index.capacity; slot++) {
    if (index.slots.state(slot) !== WAITING) continue;
    waiting++;
    assert(crowd.attempts.isExpected(slot), 'a waiting ticket has no scheduled attempt');
  }
  assert(waiting === index.waiting, 'wrong count of waiting tickets');
}

/** Checks that the pin count of every list entry equals the number of cursors that rest on it. */
function checkPins({ index, pairing }: Crowd): void {
  const counted = new Map<number, number>();
  for (const [slot, cursors] of pairing.passes.entries()) {
    assert(index.slots.state(slot) === WAITING, 'a slot that doesn’t wait has cursors');
    for (const cursor of cursors) {
      if (cursor >= 0) counted.set(cursor, (counted.get(cursor) ?? 0) + 1);
    }
  }
  assert(counted.size === index.pins.size, 'the pins differ from the cursors');
  for (const [posting, count] of counted) {
    assert(index.pins.get(posting) === count, 'wrong count of cursors on a posting');
  }
}

/**
 * Checks that every index entry is in its list exactly once, or in none. Entries of a ticket
 * that left are in a list only if pinned.
 */
function checkLists(index: CrowdIndex): void {
  const { postings, slots, pins } = index;
  const listed = new Map<number, number>();
  for (let list = 0; list < index.terms.end; list++) {
    let previous = NONE;
    for (let node = postings.first(list); node !== NONE; node = postings.next(node)) {
      assert(!listed.has(node), 'a posting is listed twice');
      assert(postings.links[node * 2 + 1] === previous, 'a list differs when read backwards');
      listed.set(node, list);
      previous = node;
    }
    assert(postings.last(list) === previous, 'a list does not end at its last');
  }
  // Checks vacant slots only by counting their list entries, of which there must be none, because
  // tests run this check after every step.
  let placed = 0;
  for (let slot = 0; slot < index.capacity; slot++) {
    const state = slots.state(slot);
    if (state === VACANT) continue;
    let placedHere = 0;
    for (let entry = 0; entry < ENTRIES_PER_SLOT; entry++) {
      const posting = slot * ENTRIES_PER_SLOT + entry;
      const list = index.listOf(slot, entry);
      const isListed = state === WAITING ? list !== NO_TERM : pins.has(posting);
      assert(listed.get(posting) === (isListed ? list : undefined), 'a posting is misplaced');
      if (isListed) placedHere++;
    }
    assert(state === WAITING || placedHere > 0, 'a slot without a ticket or pin is in use');
    placed += placedHere;
  }
  assert(listed.size === placed, 'a posting of an empty slot is listed');
  for (const posting of pins.keys()) {
    assert(slots.state(ownerOf(posting)) !== VACANT, 'a cursor rests on an unused slot');
  }
}

/** Checks that a term, an interest or language, exists exactly while a waiting ticket names it. */
function checkTerms({ terms, slots, capacity }: CrowdIndex): void {
  const counted = new Map<number, number>();
  const proven = new Map<number, number>();
  for (let slot = 0; slot < capacity; slot++) {
    if (slots.state(slot) !== WAITING) continue;
    const isCounted = (slots.wishes(slot) & UNPROVEN) === 0;
    for (let word = INTERESTS_WORD; word < STATE_WORD; word++) {
      const term = slots.words[slot * RECORD_WORDS + word] as number;
      if (term === NO_TERM) continue;
      counted.set(term, (counted.get(term) ?? 0) + 1);
      if (isCounted) proven.set(term, (proven.get(term) ?? 0) + 1);
    }
  }
  assert(counted.size === terms.size, 'a term outlived its last ticket');
  for (const [term, count] of counted) {
    assert(terms.bearing(term) === count, 'wrong count of a term’s tickets');
    const share = proven.get(term) ?? 0;
    assert(terms.counted(term) === share, 'wrong count of a term’s proven tickets');
    const text = terms.text(term);
    const isFound = terms.find('interest', text) === term || terms.find('language', text) === term;
    assert(isFound, 'a term cannot be found by its text');
  }
}
