import { DueWheel } from './due-wheel.ts';
import { LinkedLists, NONE } from './linked-lists.ts';

/** Queue of tickets that changed after their last attempt and may now find a partner. */
export const FRESH = 0;
/** Queue of tickets whose search stopped at a limit and continues in the next attempt. */
export const FURTHER = 1;
/** Queue of tickets that found no partner and paused. A cool-down may since have ended. */
export const AGAIN = 2;
export type Line = typeof FRESH | typeof FURTHER | typeof AGAIN;

export class AttemptQueue {
  readonly #wheel: DueWheel;
  readonly #lines = new LinkedLists();
  /** For each slot, the queue that contains it, or `NONE`. */
  #lineOf: Int8Array = new Int8Array(0);
  #length = 0;

  constructor(nowMs: number) {
    this.#wheel = new DueWheel(nowMs);
    this.#lines.growLists(AGAIN + 1);
  }

  grow(capacity: number): void {
    this.#wheel.grow(capacity);
    this.#lines.growNodes(capacity);
    const lineOf = new Int8Array(capacity).fill(NONE);
    lineOf.set(this.#lineOf);
    this.#lineOf = lineOf;
  }

  get length(): number {
    return this.#length;
  }

  /** Appends the slot to a queue. A slot that is already queued may only move to `FRESH`. */
  add(slot: number, line: Line): void {
    const before = this.#lineOf[slot] as number;
    if (before === line || (before !== NONE && line !== FRESH)) return;
    if (before !== NONE) this.#step(before, slot);
    this.#lineOf[slot] = line;
    this.#lines.append(line, slot);
    this.#length++;
  }

  next(line: Line): number {
    const slot = this.#lines.first(line);
    if (slot !== NONE) this.#step(line, slot);
    return slot;
  }

  /** Schedules the slot to be reported by `wake` at `dueMs`. Replaces an earlier time. */
  wakeAt(slot: number, dueMs: number): void {
    this.#wheel.cancel(slot);
    this.#wheel.schedule(slot, dueMs);
  }

  wake(nowMs: number, onDue: (slot: number) => void): void {
    this.#wheel.advance(nowMs, onDue);
  }

  leave(slot: number): void {
    this.#wheel.cancel(slot);
    const line = this.#lineOf[slot] as number;
    if (line !== NONE) this.#step(line, slot);
  }

  /** Returns whether the slot is queued or scheduled. Used by invariant checks. */
  isExpected(slot: number): boolean {
    return this.#lineOf[slot] !== NONE || this.#wheel.isScheduled(slot);
  }

  #step(line: number, slot: number): void {
    this.#lines.remove(line, slot);
    this.#lineOf[slot] = NONE;
    this.#length--;
  }
}
