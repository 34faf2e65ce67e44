import { type CrowdIndex, ENTRIES_PER_SLOT } from './crowd-index.ts';
import { NONE } from './linked-lists.ts';

/** Cursor before the first entry of a list. */
export const AT_START = -2;
/** Cursor behind the last entry of a list. */
export const AT_END = NONE;

/** Stores where each unfinished search stopped, as one cursor per list. A cursor pins its entry. */
export class Passes {
  readonly #index: CrowdIndex;
  readonly #cursors = new Map<number, Int32Array>();

  constructor(index: CrowdIndex) {
    this.#index = index;
  }

  /** Returns the cursors of the slot's unfinished search, one per index entry. Null without one. */
  cursors(slot: number): Int32Array | null {
    return this.#cursors.get(slot) ?? null;
  }

  keep(slot: number, cursors: Int32Array): void {
    // Pins the new list entries before it unpins the old ones, because both may be the same.
    for (let entry = 0; entry < ENTRIES_PER_SLOT; entry++) {
      const cursor = cursors[entry] as number;
      if (cursor >= 0) this.#index.pin(cursor);
    }
    this.#lift(slot);
    this.#cursors.set(slot, cursors.slice());
  }

  /** Discards the slot's cursors, so that its next attempt starts at the front of each list. */
  end(slot: number): void {
    if (!this.#cursors.has(slot)) return;
    this.#lift(slot);
    this.#cursors.delete(slot);
  }

  #lift(slot: number): void {
    for (const cursor of this.#cursors.get(slot) ?? []) {
      if (cursor >= 0) this.#index.unpin(cursor);
    }
  }

  entries(): IterableIterator<[slot: number, cursors: Int32Array]> {
    return this.#cursors.entries();
  }
}
