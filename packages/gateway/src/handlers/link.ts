import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { GatewayContext } from '../context.ts';
import { sendPassing } from '../outbox.ts';
import type { Session } from '../session.ts';
import { endSession } from '../session-life.ts';

/** The page wonders whether we are here. */
export function answerPing(
  context: GatewayContext,
  session: Session,
  { n, ack }: ClientMessageOf<'link.ping'>,
): 'out-of-order' | void {
  if (!session.out.acknowledge(ack)) return 'out-of-order';
  sendPassing(context, session, { type: 'link.pong', n, ack: session.in.tell() });
}

/** The page has what we sent, up to here. */
export function acknowledge(
  _context: GatewayContext,
  session: Session,
  { ack }: ClientMessageOf<'link.ack'>,
): 'out-of-order' | void {
  if (!session.out.acknowledge(ack)) return 'out-of-order';
}

/** The person leaves for good. */
export function leave(context: GatewayContext, session: Session): void {
  endSession(context, session, 'goes', 'goodbye');
}
