import type { MatchId, TicketId } from '@farandole/kernel/id';
import type { AtLeastTwo } from './seats.ts';
import type { Ticket } from './ticket.ts';

/**
 * Tickets that the pool would bring together. It becomes a match, under the same id, when the owner
 * of each confirms; until then none of them is part of another proposal.
 */
export interface Proposal {
  readonly id: MatchId;
  /** One for each seat of the mode, in the order of the seats. */
  readonly tickets: AtLeastTwo<Ticket>;
  /** Who makes the offer: a ticket that holds a pre-made one; among equals, chance decides. */
  readonly offerer: TicketId;
  /** The interests that all named, in the order of the first ticket. */
  readonly sharedInterests: readonly string[];
  /** The languages (primary subtags such as "pt") that all named, in the order of the first. */
  readonly sharedLanguages: readonly string[];
  /** See `score.ts`: thousandths of a bit; larger is better. */
  readonly score: number;
  /** How long each ticket had waited when the pool found them, in the order of `tickets`. */
  readonly waitedMs: AtLeastTwo<number>;
}
