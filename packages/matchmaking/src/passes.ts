import { type CrowdIndex, ENTRIES_PER_SLOT } from './crowd-index.ts';
import { NONE } from './linked-lists.ts';

/** Before the first entry of a list. */
export const AT_START = -2;
/** Behind the last entry of a list. */
export const AT_END = NONE;

/** Unfinished passes: a cursor per list of a slot. It pins a posting, see `CrowdIndex`. */
export class Passes {
  readonly #index: CrowdIndex;
  readonly #cursors = new Map<number, Int32Array>();

  constructor(index: CrowdIndex) {
    this.#index = index;
  }

  /** One cursor per lane, or null without a pass. */
  cursors(slot: number): Int32Array | null {
    return this.#cursors.get(slot) ?? null;
  }

  keep(slot: number, cursors: Int32Array): void {
    // Pin the new postings before unpinning the old ones: they may be the same.
    for (let entry = 0; entry < ENTRIES_PER_SLOT; entry++) {
      const cursor = cursors[entry] as number;
      if (cursor >= 0) this.#index.pin(cursor);
    }
    this.#lift(slot);
    this.#cursors.set(slot, cursors.slice());
  }

  /** The slot's next attempt starts a new pass. */
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
