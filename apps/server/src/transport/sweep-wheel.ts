import { assertDefined } from '@farandole/kernel/assert';

export type Slot<Member> = Set<Member>;

/**
 * Visits each of its members once per revolution, one slot at a time. One sweep replaces a timer
 * per member, and never visits all members in one event-loop turn.
 */
export class SweepWheel<Member> {
  readonly #slots: readonly Slot<Member>[];
  readonly #slotMs: number;
  #nextSlot = 0;
  #nextAtMonotonicMs: number;

  /** @param slotMs interval between slots; `revolutionMs` must be a multiple of it */
  constructor(revolutionMs: number, slotMs: number, nowMonotonicMs: number) {
    this.#slots = Array.from({ length: revolutionMs / slotMs }, () => new Set<Member>());
    this.#slotMs = slotMs;
    this.#nextAtMonotonicMs = nowMonotonicMs + slotMs;
  }

  /**
   * Adds a member. Its first visit comes after a whole revolution, or up to one slot earlier. To
   * remove the member, delete it from the returned slot.
   */
  add(member: Member): Slot<Member> {
    // The member is added to the slot that was visited last, because that slot is due again only
    // after a whole revolution.
    const last = (this.#nextSlot + this.#slots.length - 1) % this.#slots.length;
    const slot = assertDefined(this.#slots[last], 'a wheel has a slot');
    return slot.add(member);
  }

  /**
   * Visits the slots that are due. After a long pause it visits each slot at most once. A visit may
   * remove members.
   */
  advance(nowMonotonicMs: number, visit: (member: Member) => void): void {
    const due = Math.floor((nowMonotonicMs - this.#nextAtMonotonicMs) / this.#slotMs) + 1;
    if (due <= 0) return;
    this.#nextAtMonotonicMs += due * this.#slotMs;
    for (let i = 0; i < Math.min(due, this.#slots.length); i++) {
      const slot = this.#slots[this.#nextSlot];
      this.#nextSlot = (this.#nextSlot + 1) % this.#slots.length;
      // The slot is a set, so a visit can remove members during the iteration.
      for (const member of slot ?? []) visit(member);
    }
  }
}
