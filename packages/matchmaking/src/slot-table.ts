import { assert } from '@farandole/kernel/assert';
import { TICKET_INTERESTS_MAX, TICKET_LANGUAGES_MAX } from './limits.ts';
import { NONE } from './linked-lists.ts';
import type { Waiter } from './waiter.ts';

/**
 * A record of 64 bytes contains all data for judging a waiting ticket as a partner, so that
 * examining it reads one cache line. The following constants are word offsets from `slot *
 * RECORD_WORDS`.
 */
export const RECORD_WORDS = 16;
/** Bits of the ticket's current requirements and facts, see `widening.ts`. */
export const WISHES_WORD = 0;
/** Number of the last attempt that examined this record. */
export const SEEN_WORD = 1;
/** Terms of the ticket's interests, followed by zeros. */
export const INTERESTS_WORD = 2;
/** Terms of the ticket's languages, followed by zeros. */
export const LANGUAGES_WORD = INTERESTS_WORD + TICKET_INTERESTS_MAX;
export const STATE_WORD = LANGUAGES_WORD + TICKET_LANGUAGES_MAX;
/** The last eight bytes of a record contain the start of the wait in ms as a 64-bit float. */
export const RECORD_DOUBLES = RECORD_WORDS / 2;
export const SINCE_DOUBLE = RECORD_DOUBLES - 1;

export const VACANT = 0;
export const WAITING = 1;
/** State of a slot whose ticket left while a cursor still rests on one of its list entries. */
export const DEPARTED = 2;

export class SlotTable {
  /** The records of all slots. A new array replaces this one when the table grows. */
  words: Int32Array = new Int32Array(0);
  /** The bytes of `words` viewed as 64-bit floats. */
  doubles: Float64Array = new Float64Array(0);
  capacity = 0;
  readonly #waiters: (Waiter | null)[] = [];
  readonly #vacant: number[] = [];

  /** Returns a slot for the ticket, or `NONE` if the table must grow first. */
  allocate(waiter: Waiter): number {
    const slot = this.#vacant.pop() ?? NONE;
    if (slot === NONE) return NONE;
    this.#waiters[slot] = waiter;
    this.words[slot * RECORD_WORDS + STATE_WORD] = WAITING;
    this.doubles[slot * RECORD_DOUBLES + SINCE_DOUBLE] = waiter.sinceMs;
    return slot;
  }

  /** Marks a slot's ticket as gone. The record stays readable until `free`. */
  depart(slot: number): void {
    this.#waiters[slot] = null;
    this.words[slot * RECORD_WORDS + STATE_WORD] = DEPARTED;
  }

  free(slot: number): void {
    assert(this.state(slot) === DEPARTED, 'a slot is freed while its ticket waits');
    this.words.fill(0, slot * RECORD_WORDS, (slot + 1) * RECORD_WORDS);
    this.#vacant.push(slot);
  }

  waiter(slot: number): Waiter {
    const waiter = this.#waiters[slot] ?? null;
    assert(waiter !== null, 'a vacant slot was taken for a waiter');
    return waiter;
  }

  state(slot: number): number {
    return this.words[slot * RECORD_WORDS + STATE_WORD] as number;
  }

  wishes(slot: number): number {
    return this.words[slot * RECORD_WORDS + WISHES_WORD] as number;
  }

  grow(capacity: number): void {
    const bytes = new ArrayBuffer(capacity * RECORD_WORDS * 4);
    const words = new Int32Array(bytes);
    words.set(this.words);
    this.words = words;
    this.doubles = new Float64Array(bytes);
    // Puts the lowest slot on top of the stack, so that slots are used densely from the front.
    for (let slot = capacity - 1; slot >= this.capacity; slot--) {
      this.#vacant.push(slot);
      this.#waiters[slot] = null;
    }
    this.capacity = capacity;
  }
}
