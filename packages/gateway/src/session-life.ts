import { assertNever } from '@farandole/kernel/assert';
import type { ConnectionId, DeviceKeyId, SessionId } from '@farandole/kernel/id';
import type { CloseReason } from '@farandole/protocol/close-codes';
import { RESUME_GRACE_MS } from '@farandole/protocol/limits';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import {
  type CallEndReason,
  endCall,
  endingBy,
  moveGate,
  partWaiting,
  tellPresence,
} from './calls.ts';
import type { Connection } from './connection.ts';
import type { GatewayContext } from './context.ts';
import { dropDeferred } from './facts.ts';
import { GRACE_PAUSED_MAX_MS } from './limits.ts';
import { send } from './outbox.ts';
import type { ConnectionFacts } from './ports.ts';
import type { Search } from './search.ts';
import { endSearch, parkSearch, resubmitSearch } from './searches.ts';
import { Session } from './session.ts';

/**
 * How a user leaves. `goes`: the user left on purpose. `lost`: the connection failed, and a call
 * from before a restart may still be restored.
 */
export type Departure = 'goes' | 'lost';

/** Creates a session after a valid hello. The session counts as online only after `openSession`. */
export function createSession(
  context: GatewayContext,
  { id: connection, facts }: Connection,
  id: SessionId,
  device: DeviceKeyId,
): Session {
  const secret = context.ports.signer.seal('resume', id);
  return new Session(id, facts.subject, device, secret, connection, facts);
}

/** Attaches a new session to its socket. The user must have no other session. */
export function openSession(
  context: GatewayContext,
  connection: Connection,
  session: Session,
): void {
  context.sessions.set(session.id, session);
  context.sessionBySubject.set(session.subject, session);
  context.ports.pairs.see(session.subject, context.now);
  session.isRead = context.ports.people.arrived(session);
  bind(context, connection, session);
}

/** Moves a session to a new socket and closes the old one. */
export function attachSession(
  context: GatewayContext,
  session: Session,
  connection: Connection,
): void {
  if (session.state.state === 'closed') return;
  const { link, activity } = session.state;
  if (link.state === 'attached') {
    const superseded = context.connections.get(link.connection);
    if (superseded !== undefined) dropConnection(context, superseded, 'superseded');
  } else {
    context.deadlines.cancel(link.grace);
  }
  const hasMoved = !isSameAddress(session.facts, connection.facts);
  session.facts = connection.facts;
  session.apply({ event: 'attached', connection: connection.id });
  bind(context, connection, session);
  if (link.state === 'detached') activate(context, session);
  if (activity.state === 'searching' && link.state === 'attached') {
    searchFromHere(context, activity.search);
  }
  // The candidate filter accepts the user's new address from now on.
  if (activity.state === 'in-call' && hasMoved) moveGate(context, activity.call, activity.seat);
}

/**
 * Renews the ticket if the new socket comes from another network, because users of that network
 * may have to be avoided. Submits a search that waited because its socket was on another node.
 */
function searchFromHere(context: GatewayContext, search: Search): void {
  const { network, origin } = search.ticket;
  const here = context.partyOf(search.session);
  const isSame = network === context.networkOf(search.session) && origin === here.origin;
  if (isSame && search.place.state !== 'parked') return;
  parkSearch(context, search);
  resubmitSearch(context, search);
}

function isSameAddress(one: ConnectionFacts, other: ConnectionFacts): boolean {
  return one.clientAddress === other.clientAddress && one.isLocal === other.isLocal;
}

/**
 * Handles a socket that was lost without a close frame. Keeps the session for the grace period.
 * If the user lost the socket too often during a call, the session ends, because the presence
 * messages would flood the peer.
 */
export function detachSession(context: GatewayContext, session: Session): void {
  const { activity } = session;
  const { monotonicMs } = context.now;
  if (activity.state === 'in-call' && !session.credits.take('absence', monotonicMs)) {
    endSession(context, session, 'lost', null);
    return;
  }
  const atMs = context.now.monotonicMs + RESUME_GRACE_MS;
  const grace = context.deadlines.add(atMs, { due: 'grace', session });
  session.fencedMsAtDetach = context.fencedMs;
  session.gracePausedMs = 0;
  session.apply({ event: 'detached', grace });
  if (activity.state === 'searching') parkSearch(context, activity.search);
  if (activity.state === 'in-call') tellPresence(context, activity.call, activity.seat, false);
}

/**
 * Ends a session whose grace period is over. Time in which the node was fenced doesn't count, up to
 * `GRACE_PAUSED_MAX_MS`, because the page could not resume through another node.
 */
export function endGrace(context: GatewayContext, session: Session): void {
  const pausedMs = Math.min(context.fencedMs - session.fencedMsAtDetach, GRACE_PAUSED_MAX_MS);
  const leftMs = pausedMs - session.gracePausedMs;
  session.gracePausedMs = pausedMs;
  if (leftMs <= 0) {
    endSession(context, session, 'lost', null);
    return;
  }
  const atMs = context.now.monotonicMs + leftMs;
  const grace = context.deadlines.add(atMs, { due: 'grace', session });
  session.apply({ event: 'waits-on', grace });
}

/**
 * Ends a session for good, and frees the peer in the same event-loop turn.
 * @param close reason with which the socket is closed; null if the socket is already gone
 */
export function endSession(
  context: GatewayContext,
  session: Session,
  departure: Departure,
  close: CloseReason | null,
): void {
  if (session.state.state === 'closed') return;
  dropDeferred(context, session);
  endActivity(context, session, departure);
  const { link } = session.state;
  session.apply({ event: 'closed' });
  context.sessions.delete(session.id);
  context.sessionBySubject.delete(session.subject);
  context.ports.people.left(session);
  if (link.state === 'detached') {
    context.deadlines.cancel(link.grace);
  } else {
    const connection = context.connections.get(link.connection);
    if (connection !== undefined && close !== null) dropConnection(context, connection, close);
  }
  const reason = close ?? (departure === 'goes' ? 'left' : 'lost');
  context.ports.observer.observe({ event: 'session-closed', reason });
}

/**
 * Ends the user's video call, or a search for video or a pending restore that could lead to
 * video.
 */
export function endVideo(context: GatewayContext, session: Session): void {
  const { activity } = session;
  if (activity.state === 'searching' && context.carriesMedia(activity.search.mode)) {
    refuseSearch(context, session, 'pool-full');
  }
  const isInCall = activity.state === 'in-call' || activity.state === 'rejoining';
  if (isInCall && context.carriesMedia(activity.call.mode)) {
    endCall(context, activity.call, endingBy(activity.seat, 'you', 'left'));
  }
  // A pending restore ends too, because the peer's receipt may show that the call had switched to
  // video.
  if (activity.state === 'restoring') endActivity(context, session, 'goes');
}

/**
 * Ends the session's search, call or restore and notifies the peer. Does nothing for an idle
 * session.
 */
export function endActivity(context: GatewayContext, session: Session, departure: Departure): void {
  const { activity } = session;
  switch (activity.state) {
    case 'idle':
      return;
    case 'searching':
      endSearch(context, activity.search);
      return;
    case 'restoring': {
      const { match, seat } = activity.restore.receipt;
      if (departure === 'goes') {
        partWaiting(context, match, seat);
        return;
      }
      // A user whose connection was lost may return with the same receipt.
      session.apply({ event: 'ended' });
      context.restores.forget(activity.restore);
      return;
    }
    case 'rejoining':
    case 'in-call': {
      const own: CallEndReason = departure === 'goes' ? 'you' : 'lost';
      const other: CallEndReason = departure === 'goes' ? 'left' : 'lost';
      const { call } = activity;
      endCall(context, call, endingBy(activity.seat, own, other));
      // Nodes that counted this one as dead may have restored the call, and may have to do it again.
      const mayGoOn = departure === 'lost' && context.fence.wasOnSince(call.openedAtMs);
      if (mayGoOn) context.restores.abandon(call.match);
      return;
    }
    default:
      assertNever(activity);
  }
}

/**
 * Ends all sessions whose buffer overflowed. Ending one notifies its peer, so the peer's buffer
 * may overflow too.
 */
export function endOverflowed(context: GatewayContext): void {
  for (;;) {
    const session = context.overflowed.pop();
    if (session === undefined) return;
    endSession(context, session, 'lost', 'slow-consumer');
  }
}

/** Closes and forgets a socket. Frames that arrive from it later are ignored. */
export function dropConnection(
  context: GatewayContext,
  connection: Connection,
  reason: CloseReason,
): void {
  forgetConnection(context, connection);
  context.ports.connections.close(connection.id, reason);
}

/** Closes a socket whose client hasn't said hello in time. */
export function closeSilent(context: GatewayContext, id: ConnectionId): void {
  const connection = context.connections.get(id);
  if (connection !== undefined) dropConnection(context, connection, 'hello-timeout');
}

export function forgetConnection(context: GatewayContext, connection: Connection): void {
  context.connections.delete(connection.id);
  context.silent.delete(connection);
  if (connection.state.state === 'awaiting-hello') {
    context.deadlines.cancel(connection.state.deadline);
  }
}

export function bind(context: GatewayContext, connection: Connection, session: Session): void {
  context.silent.delete(connection);
  if (connection.state.state === 'awaiting-hello') {
    context.deadlines.cancel(connection.state.deadline);
  }
  connection.state = { state: 'bound', session };
}

function activate(context: GatewayContext, session: Session): void {
  const { activity } = session;
  if (activity.state === 'searching') resubmitSearch(context, activity.search);
  if (activity.state === 'in-call') tellPresence(context, activity.call, activity.seat, true);
}

/** Ends the user's search for a language exchange if that way to meet is closed for the user. */
export function endClosedSearch(context: GatewayContext, session: Session): void {
  const { activity } = session;
  if (activity.state !== 'searching' || context.maySearch(activity.search)) return;
  refuseSearch(context, session, 'exchange-closed');
}

/** Ends a search that the node can't serve, and tells the page the reason. */
export function refuseSearch(
  context: GatewayContext,
  session: Session,
  reason: Exclude<ServerMessageOf<'ticket.refused'>['reason'], `bad-${string}`>,
): void {
  const { activity } = session;
  if (activity.state !== 'searching') return;
  const { clientTicket } = activity.search;
  endSearch(context, activity.search);
  send(context, session, 'ticket.refused', { ticket: clientTicket, reason });
}

/**
 * Ends a socket that sent a refused frame. An honest page never sends one, so a session ends too
 * and can't be resumed.
 */
export function refuseFrame(
  context: GatewayContext,
  connection: Connection,
  reason: CloseReason,
): void {
  context.ports.observer.observe({ event: 'frame-refused', reason });
  if (connection.state.state === 'bound') {
    endSession(context, connection.state.session, 'lost', reason);
  } else {
    dropConnection(context, connection, reason);
  }
}
