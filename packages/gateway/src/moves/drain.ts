import { handOver } from '../abandon-call.ts';
import { endCall } from '../calls.ts';
import type { GatewayContext } from '../context.ts';
import type { Due } from '../due.ts';
import { MOVE_AWAY_MS } from '../limits.ts';
import { endGivenWait } from '../matching.ts';
import { parkSearch } from '../searches.ts';
import type { Session } from '../session.ts';
import { detachSession, dropConnection, endSession } from '../session-life.ts';
import { hasOtherNodes } from './other-nodes.ts';

/**
 * Plans to send a user without a call to another node, spread over `MOVE_AWAY_MS`. The user's page
 * resumes there, and the session follows.
 *
 * @returns false if the session must stay or no other node is there
 */
export function moveSoon(context: GatewayContext, session: Session): boolean {
  if (!hasOtherNodes(context) || !isAway(session)) return false;
  const share = context.ports.signer.randomId().charCodeAt(0) / 128;
  const atMs = context.now.monotonicMs + share * MOVE_AWAY_MS;
  context.deadlines.add(atMs, { due: 'move-away', session });
  session.isLeaving = true;
  // No call may begin on this node any more. The search goes on where the user resumes.
  if (session.activity.state === 'searching') parkSearch(context, session.activity.search);
  return true;
}

/**
 * Sends users without a call to other nodes. The caller repeats it at each tick while no user should
 * be here. Users stay while their call is about to begin or to be restored. A session whose socket is
 * on another node needs no help, because that node fetches it.
 */
export function sendAway(context: GatewayContext): void {
  for (const session of context.sessions.values()) {
    const { activity, connection } = session;
    const socket = connection === null ? undefined : context.connections.get(connection);
    if (socket === undefined || socket.isForwarded === true) continue;
    const isBusy = activity.state === 'searching' && activity.search.place.state === 'promised';
    if (isBusy || activity.state === 'restoring') continue;
    if (!session.isLeaving) moveSoon(context, session);
    else if (activity.state === 'searching' && activity.search.place.state !== 'parked') {
      parkSearch(context, activity.search);
    }
  }
}

export function meetMoveDeadline(
  context: GatewayContext,
  due: Extract<Due, { due: 'given' | 'move-away' }>,
): void {
  if (due.due === 'given') endGivenWait(context, due.match);
  else moveAway(context, due.session);
}

function moveAway(context: GatewayContext, session: Session): void {
  session.isLeaving = false;
  if (!isAway(session) || session.connection === null) return;
  const connection = context.connections.get(session.connection);
  if (connection !== undefined) dropConnection(context, connection, 'other-node');
  detachSession(context, session);
}

/**
 * Ends the sessions of a node that stops. Calls go on where their pages restore them, or end if
 * there is no other node.
 */
export function endDrain(context: GatewayContext): void {
  const goesOn = hasOtherNodes(context);
  context.drain = { state: 'over' };
  for (const call of [...context.calls.values()]) {
    if (goesOn) handOver(context, call);
    else endCall(context, call, () => 'moving');
  }
  for (const session of [...context.sessions.values()]) {
    if (goesOn) endSession(context, session, 'lost', 'session-reset');
    else endSession(context, session, 'goes', 'server-moving');
  }
  for (const connection of [...context.connections.values()]) {
    dropConnection(context, connection, goesOn ? 'other-node' : 'server-moving');
  }
}

function isAway({ state, activity }: Session): boolean {
  return state.state === 'open' && activity.state !== 'in-call' && activity.state !== 'rejoining';
}
