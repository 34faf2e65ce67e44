import type { TicketId } from '@farandole/kernel/id';
import type { Proposal } from '@farandole/matchmaking/proposal';
import { MATCH_REMEMBERED_MS, MATCHES_REMEMBERED_MAX } from './limits.ts';

interface Remembered {
  readonly match: Proposal;
  readonly untilMonotonicMs: number;
}

/**
 * Remembers recent matches by ticket. A node that missed a match resubmits its ticket, which
 * must not be matched again.
 */
export class MatchMemory {
  /** Remembered matches in order of insertion, which is also the order of expiry. */
  readonly #byTicket = new Map<TicketId, Remembered>();
  readonly #matchesMax: number;

  constructor(matchesMax: number = MATCHES_REMEMBERED_MAX) {
    this.#matchesMax = matchesMax;
  }

  of(ticketId: TicketId): Proposal | null {
    return this.#byTicket.get(ticketId)?.match ?? null;
  }

  remember(match: Proposal, nowMonotonicMs: number): void {
    const remembered = { match, untilMonotonicMs: nowMonotonicMs + MATCH_REMEMBERED_MS };
    for (const { id } of match.tickets) this.#byTicket.set(id, remembered);
    for (const ticketId of this.#byTicket.keys()) {
      if (this.#byTicket.size <= match.tickets.length * this.#matchesMax) break;
      this.#byTicket.delete(ticketId);
    }
  }

  forget(ticketId: TicketId): void {
    this.#byTicket.delete(ticketId);
  }

  forgetOld(nowMonotonicMs: number): void {
    for (const [ticketId, { untilMonotonicMs }] of this.#byTicket) {
      if (nowMonotonicMs < untilMonotonicMs) return;
      this.#byTicket.delete(ticketId);
    }
  }
}
