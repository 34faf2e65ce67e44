import type { MatchId } from '@farandole/kernel/id';
import type { Ticket } from '@farandole/matchmaking/ticket';
import type { Mode } from '@farandole/protocol/fields';
import type { Session } from './session.ts';

/** State of a ticket, as far as its owner knows. */
export type TicketState =
  | { readonly state: 'in-pool' }
  /** Confirmed for one proposal, and for no other until its result. */
  | { readonly state: 'promised'; readonly proposal: MatchId }
  /** Out of the pool while the session has no socket: an absent user isn't matched. */
  | { readonly state: 'parked' };

export interface Search {
  readonly session: Session;
  readonly mode: Mode;
  /** Chosen by the page. The pool uses our id, since two pages may choose the same. */
  readonly clientTicket: string;
  /** A withdrawn or spent ticket only returns under a new id. */
  ticket: Ticket;
  readonly startedAtMs: number;
  /** Unfiltered pre-made offer: the policy depends on the pair. */
  readonly offer: string | null;
  place: TicketState;
}
