import { DueWheel } from './due-wheel.ts';
import { LinkedLists, NONE } from './linked-lists.ts';

/**
 * The line of those for whom something changed since their last turn: they just came, or let go
 * of a wish, or the one they were promised to is gone. Somebody new may be there for them, and
 * mostly is among the first whom they look at.
 */
export const FRESH = 0;
/** The line of those who found nobody in their first turn and look further. */
export const FURTHER = 1;
/** The line of those who saw everybody, rested, and look again: a cool-down may have lapsed. */
export const AGAIN = 2;
export type Line = typeof FRESH | typeof FURTHER | typeof AGAIN;

/** Who takes a turn next, and who rests until when. */
export class Turns {
  readonly #wheel: DueWheel;
  readonly #lines = new LinkedLists();
  /** The line in which each slot stands, or `NONE`. */
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

  /** How many stand in line. */
  get standing(): number {
    return this.#standing;
  }

  /** Stands at the end of a line. Whoever stands in one already leaves it for the fresh one only. */
  stand(slot: number, line: Line): void {
    const before = this.#lineOf[slot] as number;
    if (before === line || (before !== NONE && line !== FRESH)) return;
    if (before !== NONE) this.#step(before, slot);
    this.#lineOf[slot] = line;
    this.#lines.append(line, slot);
    this.#standing++;
  }

  /** Takes the first out of a line, or returns `NONE` when nobody stands there. */
  next(line: Line): number {
    const slot = this.#lines.first(line);
    if (slot !== NONE) this.#step(line, slot);
    return slot;
  }

  /** `wake` calls with the slot at the given time; that replaces what was asked before. */
  wakeAt(slot: number, dueMs: number): void {
    this.#wheel.cancel(slot);
    this.#wheel.schedule(slot, dueMs);
  }

  /** Calls `onDue` for each slot whose time has come. */
  wake(nowMs: number, onDue: (slot: number) => void): void {
    this.#wheel.advance(nowMs, onDue);
  }

  /** The slot takes no more turns. */
  leave(slot: number): void {
    this.#wheel.cancel(slot);
    const line = this.#lineOf[slot] as number;
    if (line !== NONE) this.#step(line, slot);
  }

  /** Whether the slot stands in line or will be woken. For invariants. */
  isExpected(slot: number): boolean {
    return this.#lineOf[slot] !== NONE || this.#wheel.isScheduled(slot);
  }

  #step(line: number, slot: number): void {
    this.#lines.remove(line, slot);
    this.#lineOf[slot] = NONE;
    this.#standing--;
  }
}
