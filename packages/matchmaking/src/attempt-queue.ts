import { DueWheel } from './due-wheel.ts';
import { LinkedLists, NONE } from './linked-lists.ts';

/** Line of tickets that changed since their last attempt and may find a partner at once. */
export const FRESH = 0;
/** Line of tickets that continue an unfinished pass. */
export const FURTHER = 1;
/** Line of tickets that finished a pass and rested: a cool-down may have ended. */
export const AGAIN = 2;
export type Line = typeof FRESH | typeof FURTHER | typeof AGAIN;

export class AttemptQueue {
  readonly #wheel: DueWheel;
  readonly #lines = new LinkedLists();
  /** The line of each queued slot, or `NONE`. */
  #lineOf: Int8Array = new Int8Array(0);
  #standing = 0;

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

  get standing(): number {
    return this.#standing;
  }

  /** Appends to a line. A queued slot may only move to the fresh line. */
  stand(slot: number, line: Line): void {
    const before = this.#lineOf[slot] as number;
    if (before === line || (before !== NONE && line !== FRESH)) return;
    if (before !== NONE) this.#step(before, slot);
    this.#lineOf[slot] = line;
    this.#lines.append(line, slot);
    this.#standing++;
  }

  next(line: Line): number {
    const slot = this.#lines.first(line);
    if (slot !== NONE) this.#step(line, slot);
    return slot;
  }

  /** Schedules `wake` for the slot; replaces an earlier time. */
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

  /** For invariants: queued or scheduled. */
  isExpected(slot: number): boolean {
    return this.#lineOf[slot] !== NONE || this.#wheel.isScheduled(slot);
  }

  #step(line: number, slot: number): void {
    this.#lines.remove(line, slot);
    this.#lineOf[slot] = NONE;
    this.#standing--;
  }
}
