import { assert } from '@farandole/kernel/assert';

export interface Deadline<What> {
  readonly atMs: number;
  readonly what: What;
}

interface Entry<What> extends Deadline<What> {
  /** Insertion number. Of two deadlines at the same time, the one inserted first comes first. */
  readonly order: number;
  /** Index in the heap, or -1 if the entry was taken or cancelled. */
  place: number;
}

/**
 * A binary heap whose entries know their index, so that adding, cancelling and taking each cost
 * O(log n).
 */
export class DeadlineQueue<What> {
  readonly #heap: Entry<What>[] = [];
  #order = 0;

  get size(): number {
    return this.#heap.length;
  }

  add(atMs: number, what: What): Deadline<What> {
    const entry: Entry<What> = { atMs, what, order: this.#order++, place: this.#heap.length };
    this.#heap.push(entry);
    this.#rise(entry);
    return entry;
  }

  /** Cancels a deadline. Does nothing if it was already taken or cancelled. */
  cancel(deadline: Deadline<What>): void {
    const entry = deadline as Entry<What>;
    if (entry.place !== -1) this.#remove(entry);
  }

  takeDue(nowMs: number): What | null {
    const first = this.#heap[0];
    if (first === undefined || first.atMs > nowMs) return null;
    this.#remove(first);
    return first.what;
  }

  #remove(entry: Entry<What>): void {
    const last = this.#heap.pop();
    assert(last !== undefined, 'a scheduled deadline is missing from the heap');
    const { place } = entry;
    entry.place = -1;
    if (last === entry) return;
    this.#put(last, place);
    this.#rise(last);
    this.#sink(last);
  }

  #rise(entry: Entry<What>): void {
    while (entry.place > 0) {
      const parent = this.#heap[(entry.place - 1) >> 1];
      if (parent === undefined || !isBefore(entry, parent)) return;
      this.#swap(entry, parent);
    }
  }

  #sink(entry: Entry<What>): void {
    for (;;) {
      const left = this.#heap[2 * entry.place + 1];
      const right = this.#heap[2 * entry.place + 2];
      const child =
        left !== undefined && right !== undefined && isBefore(right, left) ? right : left;
      if (child === undefined || !isBefore(child, entry)) return;
      this.#swap(entry, child);
    }
  }

  #swap(one: Entry<What>, other: Entry<What>): void {
    const { place } = one;
    this.#put(one, other.place);
    this.#put(other, place);
  }

  #put(entry: Entry<What>, place: number): void {
    this.#heap[place] = entry;
    entry.place = place;
  }
}

function isBefore(one: Entry<unknown>, other: Entry<unknown>): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}
