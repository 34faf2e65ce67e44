import type { MatchId } from '@farandole/kernel/id';
import type { Ticket } from './ticket.ts';

export interface Waiter {
  /** Replaced when the user widens. */
  ticket: Ticket;
  /** Start of the wait; may precede the ticket if it was resubmitted. */
  readonly sinceMs: number;
  /** Whether the user dropped the wish for a shared interest. */
  widened: boolean;
  /** Slot in the crowd, or `NONE` while proposed. */
  slot: number;
  proposalId: MatchId | null;
}
