import { assertNever } from '@farandole/kernel/assert';
import type { Instant } from '@farandole/kernel/clock';
import type { MatchmakerListener } from '@farandole/matchmaking/ports';
import type { TicketEvent } from './confirmed-pool.ts';

export function notifyListener(
  listener: MatchmakerListener | null,
  epoch: number,
  event: TicketEvent,
  now: Instant,
): void {
  switch (event.type) {
    case 'ticket.refused': {
      const { ticketId, reason } = event;
      listener?.refused({ epoch, ticketId, reason }, now);
      return;
    }
    case 'ticket.proposed':
    case 'ticket.matched': {
      const { ticketId, proposal } = event;
      if (event.type === 'ticket.proposed') listener?.proposed({ epoch, ticketId, proposal }, now);
      else listener?.matched({ epoch, ticketId, proposal }, now);
      return;
    }
    case 'ticket.abandoned': {
      const { ticketId, proposalId, ticketIs } = event;
      listener?.abandoned({ epoch, ticketId, proposalId, ticketIs }, now);
      return;
    }
    default:
      assertNever(event);
  }
}
