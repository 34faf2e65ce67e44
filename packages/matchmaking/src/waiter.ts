import type { MatchId } from '@farandole/kernel/id';
import { NONE } from './linked-lists.ts';
import type { ModeId } from './mode.ts';
import type { Ticket } from './ticket.ts';

/** A ticket in the crowd of one mode. */
export interface Waiter {
  readonly mode: ModeId;
  /** A changed copy replaces the ticket when the user drops a requirement. */
  ticket: Ticket;
  /** Start of the wait. For a resubmitted ticket it can be earlier than the submission. */
  readonly sinceMs: number;
  /** Whether the user dropped the requirement of a shared interest. */
  widened: boolean;
  /** Whether the ticket dropped all expiring wishes early, because few tickets waited. */
  eased: boolean;
  /** Slot in the crowd, or `NONE` while the ticket is part of a proposal. */
  slot: number;
  proposalId: MatchId | null;
  /** The same ticket in the crowds of the lower modes at which the user agrees to start. */
  readonly lower: readonly Waiter[];
}

/** The `lower` of most tickets. They share it, so that it costs them no memory. */
export const NO_WAITERS: readonly Waiter[] = [];

export function newWaiter(
  ticket: Ticket,
  mode: ModeId,
  sinceMs: number,
  lower: readonly Waiter[] = NO_WAITERS,
): Waiter {
  return {
    mode,
    ticket,
    sinceMs,
    widened: false,
    eased: false,
    slot: NONE,
    proposalId: null,
    lower,
  };
}
