import type { MatchId, TicketId } from '@farandole/kernel/id';
import type { Ticket } from './ticket.ts';

/**
 * Two tickets that the pool would bring together. It becomes a match, under the same id, when
 * both owners confirm; until then neither ticket is offered to anybody else.
 */
export interface Proposal {
  readonly id: MatchId;
  readonly a: Ticket;
  readonly b: Ticket;
  /**
   * Whose side makes the offer: the one that holds a pre-made one, or either, by chance, when
   * both do or neither does.
   */
  readonly offerer: TicketId;
  /** The interests that both named, in `a`'s order. */
  readonly sharedInterests: readonly string[];
  /** The languages (primary subtags such as "pt") that both named, in `a`'s order. */
  readonly sharedLanguages: readonly string[];
  /** See `score.ts`: thousandths of a bit; larger is better. */
  readonly score: number;
  /** How long each had waited when the pair was found. */
  readonly waitedMs: { readonly a: number; readonly b: number };
}
