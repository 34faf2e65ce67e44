import { assertNever } from '@farandole/kernel/assert';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import { endCall, endingBy } from '../calls.ts';
import type { GatewayContext } from '../context.ts';
import { deferBehind } from '../facts.ts';
import type { Session } from '../session.ts';
import { endActivity } from '../session-life.ts';

/**
 * Ends the named call for both users in this event-loop turn. Also ends a call that waits to be
 * restored.
 */
export function endNamedCall(
  context: GatewayContext,
  session: Session,
  message: ClientMessageOf<'call.end'>,
): void {
  const handle = () => endNamedCall(context, session, message);
  if (deferBehind(context, session, { message, handle })) return;
  const { match, epoch, reason } = message;
  const { activity } = session;
  switch (activity.state) {
    case 'rejoining':
    case 'in-call': {
      const { call, seat } = activity;
      if (call.match !== match || call.epoch !== epoch) return;
      const other = reason === 'connect-failed' ? 'connect-failed' : 'left';
      endCall(context, call, endingBy(seat, 'you', other));
      return;
    }
    case 'restoring': {
      const { receipt } = activity.restore;
      if (receipt.match !== match || receipt.epoch !== epoch) return;
      endActivity(context, session, 'goes');
      return;
    }
    case 'idle':
    case 'searching':
      return;
    default:
      assertNever(activity);
  }
}
