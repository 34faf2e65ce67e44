import { assertDefined } from '@farandole/kernel/assert';

export type Slot<Member> = Set<Member>;

/**
 * Visits each member once per revolution, a slot at a time: one sweep instead of a timer per
 * socket, and never all sockets in one turn.
 */
export class SweepWheel<Member> {
  readonly #slots: readonly Slot<Member>[];
  readonly #slotMs: number;
  #nextSlot = 0;
  #nextAtMonotonicMs: number;

  /** @param slotMs interval between slots; `revolutionMs` is a multiple of it */
  constructor(revolutionMs: number, slotMs: number, nowMonotonicMs: number) {
    this.#slots = Array.from({ length: revolutionMs / slotMs }, () => new Set<Member>());
    this.#slotMs = slotMs;
    this.#nextAtMonotonicMs = nowMonotonicMs + slotMs;
  }

  /**
   * The first visit comes up to one slot before a whole revolution has passed. To remove the
   * member, delete it from the returned slot.
   */
  add(member: Member): Slot<Member> {
    // The last visited slot has its next visit after a whole revolution.
    const last = (this.#nextSlot + this.#slots.length - 1) % this.#slots.length;
    const slot = assertDefined(this.#slots[last], 'a wheel has a slot');
    return slot.add(member);
  }

  /** Visits the slots that are due, at most one revolution after a long pause. A visit may remove members. */
  advance(nowMonotonicMs: number, visit: (member: Member) => void): void {
    const due = Math.floor((nowMonotonicMs - this.#nextAtMonotonicMs) / this.#slotMs) + 1;
    if (due <= 0) return;
    this.#nextAtMonotonicMs += due * this.#slotMs;
    for (let i = 0; i < Math.min(due, this.#slots.length); i++) {
      const slot = this.#slots[this.#nextSlot];
      this.#nextSlot = (this.#nextSlot + 1) % this.#slots.length;
      // Visits may remove members during the iteration.
      for (const member of slot ?? []) visit(member);
    }
  }
}
