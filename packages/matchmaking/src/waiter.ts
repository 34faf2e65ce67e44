import type { MatchId } from '@farandole/kernel/id';
import type { Ticket } from './ticket.ts';

export interface Waiter {
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
}
