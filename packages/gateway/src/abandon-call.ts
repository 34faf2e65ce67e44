import type { Call } from './call.ts';
import { recordEncounter } from './calls.ts';
import type { GatewayContext } from './context.ts';
import type { Session } from './session.ts';
import { endSession } from './session-life.ts';

/**
 * Gives up the call of a user who has a newer session, because the other nodes had counted this
 * node as dead. No page gets an end of the call: all restore it with their receipts. Does nothing
 * without a call.
 *
 * @param older the user's session on this node, which the caller ends
 */
export function abandonCall(context: GatewayContext, older: Session): void {
  const { activity } = older;
  if (activity.state !== 'in-call' && activity.state !== 'rejoining') return;
  const { call } = activity;
  handOver(context, call);
  for (const { session } of call.seats) {
    if (session !== older) endSession(context, session, 'lost', 'session-reset');
  }
}

/**
 * Removes a call from this node without any message to its users. The caller ends their sessions,
 * so that their pages restore the call.
 */
export function handOver(context: GatewayContext, call: Call): void {
  context.calls.delete(call.match);
  context.restores.abandon(call.match);
  recordEncounter(context, call);
  for (const { session } of call.seats) {
    if (session.activity.state === 'rejoining') context.deadlines.cancel(session.activity.until);
    session.apply({ event: 'ended' });
  }
}
