import type { MatchId } from '@farandole/kernel/id';
import type { Ticket } from '@farandole/matchmaking/ticket';
import type { Mode } from '@farandole/protocol/fields';
import type { Session } from './session.ts';

/** Where the ticket of a search is, as far as its owner knows. */
export type Place =
  | { readonly state: 'in-pool' }
  /** Confirmed for one proposal, and for no other until that one comes to something or nothing. */
  | { readonly state: 'promised'; readonly proposal: MatchId }
  /** Out of the pool while the session has no socket: nobody is matched with an empty chair. */
  | { readonly state: 'parked' };

/** A person's wish to be matched, from `ticket.create` until it is matched or withdrawn. */
export interface Search {
  readonly session: Session;
  readonly mode: Mode;
  /** What the page calls it. The pool's name is ours, since two pages may choose one name. */
  readonly clientTicket: string;
  /** What the pool knows. One that was withdrawn or spent comes back under another name only. */
  ticket: Ticket;
  readonly startedAtMs: number;
  /** The pre-made offer, unfiltered: the policy is the pair's, and there is no pair yet. */
  readonly offer: string | null;
  place: Place;
}
