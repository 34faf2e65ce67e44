import { LinkedLists, NONE } from './linked-lists.ts';

/** A slot is reported at most this many milliseconds late and never early. */
export const WHEEL_GRAIN_MS = 64;
/** Must be a power of two, because `cellOf` masks bits. */
const CELLS = 256;

/**
 * A hashed timing wheel (G. Varghese and T. Lauck, 1987). Scheduling and cancelling take
 * constant time, which a heap doesn't. The wheel covers sixteen seconds. Slots due later wait in
 * the last cell and are rescheduled.
 */
export class DueWheel {
  readonly #lists = new LinkedLists();
  #dueMs: Float64Array = new Float64Array(0);
  #cells: Int32Array = new Int32Array(0);
  #tick: number;

  constructor(nowMs: number) {
    this.#tick = Math.floor(nowMs / WHEEL_GRAIN_MS);
    this.#lists.growLists(CELLS);
  }

  grow(capacity: number): void {
    this.#lists.growNodes(capacity);
    const dueMs = new Float64Array(capacity);
    dueMs.set(this.#dueMs);
    this.#dueMs = dueMs;
    const cells = new Int32Array(capacity).fill(NONE);
    cells.set(this.#cells);
    this.#cells = cells;
  }

  isScheduled(slot: number): boolean {
    return this.#cells[slot] !== NONE;
  }

  /** Schedules a slot, which must not be scheduled yet. A time in the past means the next tick. */
  schedule(slot: number, dueMs: number): void {
    this.#dueMs[slot] = dueMs;
    const tick = Math.ceil(dueMs / WHEEL_GRAIN_MS);
    const ahead = Math.min(Math.max(tick - this.#tick, 1), CELLS - 1);
    const cell = cellOf(this.#tick + ahead);
    this.#cells[slot] = cell;
    this.#lists.append(cell, slot);
  }

  cancel(slot: number): void {
    const cell = this.#cells[slot] as number;
    if (cell === NONE) return;
    this.#lists.remove(cell, slot);
    this.#cells[slot] = NONE;
  }

  /** Unschedules every slot that is due and calls `onDue` for it. */
  advance(nowMs: number, onDue: (slot: number) => void): void {
    const from = this.#tick;
    const target = Math.floor(nowMs / WHEEL_GRAIN_MS);
    if (target <= from) return;
    this.#tick = target;
    const cells = Math.min(target - from, CELLS);
    for (let i = 1; i <= cells; i++) this.#empty(cellOf(from + i), nowMs, onDue);
  }

  #empty(cell: number, nowMs: number, onDue: (slot: number) => void): void {
    // Stops at the slot that was last before the loop, because a rescheduled slot may be appended
    // to the same cell.
    const last = this.#lists.last(cell);
    let slot = last === NONE ? NONE : this.#lists.first(cell);
    while (slot !== NONE) {
      const next = slot === last ? NONE : this.#lists.next(slot);
      this.cancel(slot);
      const dueMs = this.#dueMs[slot] as number;
      if (dueMs <= nowMs) onDue(slot);
      else this.schedule(slot, dueMs);
      slot = next;
    }
  }
}

/** Masks bits instead of taking a remainder, which is negative for negative times. */
function cellOf(tick: number): number {
  return tick & (CELLS - 1);
}
