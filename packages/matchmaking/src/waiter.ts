import type { MatchId } from '@farandole/kernel/id';
import type { Ticket } from './ticket.ts';

/** A ticket in the pool, and where it is there. */
export interface Waiter {
  /** Replaced when the person widens. */
  ticket: Ticket;
  /** Since when the person waits; before the ticket came, if it was submitted again. */
  readonly sinceMs: number;
  /** Whether the person dropped the wish for a shared interest. */
  widened: boolean;
  /** The slot of the crowd in which it waits, or `NONE` while it is proposed. */
  slot: number;
  /** The proposal that it is part of, or null while it waits. */
  proposalId: MatchId | null;
}
