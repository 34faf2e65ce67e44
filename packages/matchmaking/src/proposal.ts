import type { MatchId, TicketId } from '@farandole/kernel/id';
import type { AtLeastTwo } from './seats.ts';
import type { Ticket } from './ticket.ts';

/**
 * The tickets of one call found by the pool, in the order of the mode's seats. It becomes a match with the same id when every owner
 * confirms. A ticket is in at most one proposal.
 */
export interface Proposal {
  readonly id: MatchId;
  readonly tickets: AtLeastTwo<Ticket>;
  /**
   * The ticket whose client sends the WebRTC offer. A ticket with a prepared offer is preferred;
   * among equals the choice is random.
   */
  readonly offerer: TicketId;
  readonly sharedInterests: readonly string[];
  /** Primary language subtags such as "pt" that all tickets share, in the first ticket's order. */
  readonly sharedLanguages: readonly string[];
  /** Score of the pair in thousandths of a bit. A larger score is a better pair. */
  readonly score: number;
  /** How long each ticket had waited when paired, in the order of `tickets`. */
  readonly waitedMs: AtLeastTwo<number>;
}
