import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { GatewayContext } from '../context.ts';
import { sendPassing } from '../outbox.ts';
import type { Session } from '../session.ts';
import { endSession } from '../session-life.ts';

export function answerPing(
  context: GatewayContext,
  session: Session,
  { n, ack }: ClientMessageOf<'link.ping'>,
): 'out-of-order' | void {
  if (!session.out.acknowledge(ack)) return 'out-of-order';
  sendPassing(context, session, { type: 'link.pong', n, ack: session.in.tell() });
}

export function acknowledge(
  _context: GatewayContext,
  session: Session,
  { ack }: ClientMessageOf<'link.ack'>,
): 'out-of-order' | void {
  if (!session.out.acknowledge(ack)) return 'out-of-order';
}

export function leave(context: GatewayContext, session: Session): void {
  endSession(context, session, 'goes', 'goodbye');
}
