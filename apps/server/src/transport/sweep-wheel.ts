import { assertDefined } from '@farandole/kernel/assert';

/** Those that are visited together. */
export type Slot<Member> = Set<Member>;

/**
 * Visits each member once in a revolution, a few at a time: one sweep in place of a timer for each
 * socket, and never all sockets in one turn.
 */
export class SweepWheel<Member> {
  readonly #slots: readonly Slot<Member>[];
  readonly #slotMs: number;
  #nextSlot = 0;
  #nextAtMonotonicMs: number;

  /** @param slotMs how often a slot is due; `revolutionMs` is a multiple of it */
  constructor(revolutionMs: number, slotMs: number, nowMonotonicMs: number) {
    this.#slots = Array.from({ length: revolutionMs / slotMs }, () => new Set<Member>());
    this.#slotMs = slotMs;
    this.#nextAtMonotonicMs = nowMonotonicMs + slotMs;
  }

  /**
   * The member is visited first in a whole revolution from now, less one slot at most; and no more
   * once it is deleted from the slot that is returned.
   */
  add(member: Member): Slot<Member> {
    // The slot that was visited last comes last again.
    const last = (this.#nextSlot + this.#slots.length - 1) % this.#slots.length;
    const slot = assertDefined(this.#slots[last], 'a wheel has a slot');
    return slot.add(member);
  }

  /**
   * Visits those whose slots are due. After a long pause no more than one revolution is made up
   * for. A visit may remove members.
   */
  advance(nowMonotonicMs: number, visit: (member: Member) => void): void {
    const due = Math.floor((nowMonotonicMs - this.#nextAtMonotonicMs) / this.#slotMs) + 1;
    if (due <= 0) return;
    this.#nextAtMonotonicMs += due * this.#slotMs;
    for (let i = 0; i < Math.min(due, this.#slots.length); i++) {
      const slot = this.#slots[this.#nextSlot];
      this.#nextSlot = (this.#nextSlot + 1) % this.#slots.length;
      // A set may lose members while it is gone through.
      for (const member of slot ?? []) visit(member);
    }
  }
}
