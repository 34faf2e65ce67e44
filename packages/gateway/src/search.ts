import type { MatchId, TicketId } from '@farandole/kernel/id';
import type { Proposal } from '@farandole/matchmaking/proposal';
import type { Ticket } from '@farandole/matchmaking/ticket';
import type { Mode } from '@farandole/protocol/fields';
import type { Session } from './session.ts';
import type { CheckedSdp } from './signal-policy/sdp.ts';

/** State of a search ticket, as far as the node that owns the ticket knows. */
export type TicketState =
  | { readonly state: 'in-pool' }
  /**
   * The node confirmed a proposal with this ticket. Until that proposal's result arrives, the
   * node confirms no other one.
   */
  | { readonly state: 'promised'; readonly proposal: MatchId }
  /**
   * The session has no socket, so the ticket is out of the pool. An absent user must not be
   * matched.
   */
  | { readonly state: 'parked' };

export interface Search {
  readonly session: Session;
  readonly mode: Mode;
  /**
   * Ticket id chosen by the page. The pool uses the server's own id, because two pages may
   * choose the same one.
   */
  readonly clientTicket: string;
  /**
   * The search's current ticket. After a withdrawal or a failed match, the search returns to the
   * pool only under a new ticket id.
   */
  ticket: Ticket;
  readonly startedAtMs: number;
  /**
   * SDP offer that the page sent with the search. Its candidates aren't filtered yet, because the
   * filter for candidates depends on the matched pair.
   */
  readonly offer: CheckedSdp | null;
  /** The question that the user asks. Null in a seat that asks none. */
  readonly question: string | null;
  place: TicketState;
}

/** A confirmed proposal with a ticket of another node. */
export interface SharedProposal {
  readonly proposal: Proposal;
  /**
   * Searches of sessions that other nodes gave to this node for the match, by the proposal's
   * ticket. Only a match of three or more has some, while the call waits for the last session.
   */
  readonly given: Map<TicketId, Search>;
}
