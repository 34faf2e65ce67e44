import { DueWheel } from './due-wheel.ts';
import { LinkedLists, NONE } from './linked-lists.ts';

/**
 * Those for whom something changed: they just came, or let go of a wish, or someone they were
 * promised to turned out to be gone. Somebody new may be there for them.
 */
export const URGENT = 0;
/** Those who saw everybody and rested: a cool-down may have lapsed meanwhile. */
export const RESTED = 1;
export type Urgency = typeof URGENT | typeof RESTED;

/** Who takes a turn next, and who rests until when. */
export class Turns {
  readonly #wheel: DueWheel;
  readonly #lines = new LinkedLists();
  /** The line in which each slot stands, or `NONE`. */
  #lineOf: Int8Array = new Int8Array(0);
  #standing = 0;

  constructor(nowMs: number) {
    this.#wheel = new DueWheel(nowMs);
    this.#lines.growLists(RESTED + 1);
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

  /** Stands at the end of a line. Who stands in the urgent one already keeps the place. */
  stand(slot: number, urgency: Urgency): void {
    const line = this.#lineOf[slot] as number;
    if (line === URGENT || line === urgency) return;
    if (line !== NONE) this.#step(line, slot);
    this.#lineOf[slot] = urgency;
    this.#lines.append(urgency, slot);
    this.#standing++;
  }

  /** Takes the first out of a line, or returns `NONE` when nobody stands there. */
  next(urgency: Urgency): number {
    const slot = this.#lines.first(urgency);
    if (slot !== NONE) this.#step(urgency, slot);
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
