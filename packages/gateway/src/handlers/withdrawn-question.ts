import type { GatewayContext } from '../context.ts';
import { send } from '../outbox.ts';
import { endSearch } from '../searches.ts';
import type { Session } from '../session.ts';

/** Ends the user's search if its question is withdrawn. */
export function endWithdrawnQuestion(context: GatewayContext, session: Session): void {
  if (session.activity.state !== 'searching') return;
  const { search } = session.activity;
  const { question, clientTicket: ticket } = search;
  const { monotonicMs } = context.now;
  if (question === null) return;
  if (!context.questions.isWithdrawn(session.subject, question, monotonicMs)) return;
  endSearch(context, search);
  send(context, session, 'ticket.refused', { ticket, reason: 'bad-question', fault: 'withdrawn' });
}
