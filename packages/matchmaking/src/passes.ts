import { type CrowdIndex, LANES } from './crowd-index.ts';
import { NONE } from './linked-lists.ts';

/** A cursor before the first entry of its list. */
export const AT_START = -2;
/** A cursor behind the last entry of its list: there is no posting to go on from. */
export const AT_END = NONE;

/**
 * The passes under way: for each slot that has looked at a part of its lists, where it stopped in
 * each. A cursor that is no end rests on a posting and keeps it in its list, see `CrowdIndex`.
 */
export class Passes {
  readonly #index: CrowdIndex;
  readonly #cursors = new Map<number, Int32Array>();

  constructor(index: CrowdIndex) {
    this.#index = index;
  }

  /** The cursors of a pass under way, one a lane, or null when the slot would start afresh. */
  cursors(slot: number): Int32Array | null {
    return this.#cursors.get(slot) ?? null;
  }

  /** The pass stopped at these cursors, which are copied. */
  keep(slot: number, cursors: Int32Array): void {
    // The new postings are held before the old are let go: one may be both.
    for (let lane = 0; lane < LANES; lane++) {
      const cursor = cursors[lane] as number;
      if (cursor >= 0) this.#index.pin(cursor);
    }
    this.#lift(slot);
    this.#cursors.set(slot, cursors.slice());
  }

  /** The pass is over: the slot's next turn starts afresh. */
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

  /** Each pass under way. For invariants. */
  entries(): IterableIterator<[slot: number, cursors: Int32Array]> {
    return this.#cursors.entries();
  }
}
