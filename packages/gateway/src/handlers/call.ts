import { assertNever } from '@farandole/kernel/assert';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import { endCall, endingBy } from '../calls.ts';
import type { GatewayContext } from '../context.ts';
import { deferBehind } from '../facts.ts';
import type { Session } from '../session.ts';
import { endActivity } from '../session-life.ts';
import { findReceipt, partCall } from './report.ts';

/**
 * Ends the named call for both users in this event-loop turn. Also ends a call that waits to be
 * restored, and with a receipt a call that was ended while its node was away.
 */
export function endNamedCall(
  context: GatewayContext,
  session: Session,
  message: ClientMessageOf<'call.end'>,
): void {
  const handle = () => endNamedCall(context, session, message);
  if (deferBehind(context, session, { message, handle })) return;
  const { match, epoch, reason } = message;
  const receipt =
    message.receipt === undefined ? null : findReceipt(context, session, message.receipt);
  if (receipt !== null) {
    if (receipt.match !== match) return;
    session.endedMatch = receipt.match;
    partCall(context, receipt);
    return;
  }
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
      const { match: restored, epoch: before } = activity.restore.receipt;
      if (restored !== match || before !== epoch) return;
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
