import type { MatchId, TicketId } from '@farandole/kernel/id';
import type { AtLeastTwo } from './seats.ts';
import type { Ticket } from './ticket.ts';

/** Becomes a match, under the same id, when every owner confirms. A ticket is in one at most. */
export interface Proposal {
  readonly id: MatchId;
  readonly tickets: AtLeastTwo<Ticket>;
  /** A ticket with a pre-made offer is preferred; ties are random. */
  readonly offerer: TicketId;
  readonly sharedInterests: readonly string[];
  /** Languages (primary subtags such as "pt") of all tickets, in the order of the first. */
  readonly sharedLanguages: readonly string[];
  /** Thousandths of a bit, see `score.ts`; larger is better. */
  readonly score: number;
  /** Wait of each ticket at pairing, in the order of `tickets`. */
  readonly waitedMs: AtLeastTwo<number>;
}
