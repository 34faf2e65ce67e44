import type { DeviceKeyId, SessionId } from '@farandole/kernel/id';
import { brandId } from '@farandole/kernel/id';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { abandonCall } from '../abandon-call.ts';
import type { Connection, Greeting } from '../connection.ts';
import type { GatewayContext } from '../context.ts';
import { hasOtherNodes } from '../moves/other-nodes.ts';
import { sendPassing } from '../outbox.ts';
import { sealSessionReceipt } from '../receipts.ts';
import type { Session } from '../session.ts';
import {
  attachSession,
  createSession,
  dropConnection,
  endSession,
  endVideo,
  openSession,
} from '../session-life.ts';
import { openSessionTicket, type SessionTicketClaims } from '../session-ticket.ts';
import { tellRefused, tellStanding } from '../standing.ts';
import { ageToTell } from './age.ts';
import { keepSeat, rejoinOffer } from './rejoin.ts';

type Hello = ClientMessageOf<'session.hello'>;
type Reset = NonNullable<ServerMessageOf<'session.opened'>['reset']>;

/**
 * Resumes a session or opens a new one. A ticket is used up only if the signature is valid.
 *
 * @param key the device key whose signature was verified, or null if the signature is invalid
 */
export function handleHello(
  context: GatewayContext,
  connection: Connection,
  { hello, claims, resumes }: Greeting,
  key: DeviceKeyId | null,
): void {
  if (key === null) {
    dropConnection(context, connection, 'device-refused');
    return;
  }
  const { facts } = connection;
  const standing = context.standingOf({ subject: facts.subject, device: key, facts });
  if (standing.may === 'nothing') {
    tellRefused(context, connection, standing);
    dropConnection(context, connection, 'sanctioned');
    return;
  }
  const { resume } = hello;
  if (resume === undefined) {
    openNew(context, connection, claims, key, null, hello.newPage === true);
    return;
  }
  const known = findSession(context, connection, resumes);
  // The answer must not tell another device that the session exists.
  if (known === null || known.device !== key) {
    openNew(context, connection, claims, key, 'unknown-session');
  } else if (isOvertaken(context, connection, known)) {
    dropConnection(context, connection, 'superseded');
  } else if (!known.out.canResumeAfter(resume.received)) {
    openNew(context, connection, claims, key, 'out-of-range');
  } else {
    resumeSession(context, connection, known, resume.received);
  }
}

/** Returns the session that a hello wants to resume. Null if its secret is another session's. */
export function readResume(
  { ports }: GatewayContext,
  { session, secret }: NonNullable<Hello['resume']>,
): SessionId | null {
  return ports.signer.open('resume', secret) === session ? brandId<SessionId>(session) : null;
}

/** Returns a session of this node. Null if the session ended or the cookie doesn't match. */
export function findSession(
  context: GatewayContext,
  connection: Connection,
  id: SessionId | null,
): Session | null {
  const session = id === null ? undefined : context.sessions.get(id);
  return session?.subject === connection.facts.subject ? session : null;
}

/**
 * Whether the session already uses a newer socket. A late hello of an older socket must not take
 * over the session.
 */
function isOvertaken(context: GatewayContext, connection: Connection, session: Session): boolean {
  const { connection: id } = session;
  const attached = id === null ? undefined : context.connections.get(id);
  if (attached === undefined) return false;
  const newerMs = attached.openedAtMs - connection.openedAtMs;
  return newerMs === 0 ? attached.order > connection.order : newerMs > 0;
}

/**
 * Returns the claims of a session ticket. Null if the ticket is invalid, belongs to another cookie,
 * or didn't open the socket of a node in a cluster: another node may have used it.
 */
export function readTicket(
  context: GatewayContext,
  connection: Connection,
  token: string,
): SessionTicketClaims | null {
  const claims = openSessionTicket(context.ports.signer, token, context.now.wallMs);
  const { ticket } = connection.facts;
  if (ticket !== undefined && ticket !== claims?.session) return null;
  return claims?.subject === connection.facts.subject ? claims : null;
}

function resumeSession(
  context: GatewayContext,
  connection: Connection,
  session: Session,
  received: number,
): void {
  session.out.acknowledge(received);
  attachSession(context, session, connection);
  sendPassing(context, session, {
    type: 'session.resumed',
    session: session.id,
    secret: session.secret,
    received: session.in.tell(),
  });
  const { may } = tellStanding(context, session, 'new');
  for (const frame of session.out.unacknowledged) {
    context.ports.connections.send(connection.id, frame);
  }
  // The user may have fewer rights in the new socket's network than in the old socket's network.
  if (may === 'text') endVideo(context, session);
  if (context.drain.state === 'until' && !hasOtherNodes(context)) {
    // The drain deadline may have passed already, because ticks run only a few times a second.
    const leftMs = Math.max(0, context.drain.endsAtMs - context.now.monotonicMs);
    const deadlineMs = Math.ceil(leftMs);
    sendPassing(context, session, { type: 'server.moving', deadlineMs });
  }
  context.ports.observer.observe({ event: 'session-resumed' });
}

/**
 * Whether a page may have got a new session only because the other nodes had counted this node as
 * dead. A node that was fenced at no time during the user's call wasn't. Otherwise a user who asks
 * for a new session would end those of the peers.
 */
function mayBeLost({ ports, fence }: GatewayContext, { connection, activity }: Session): boolean {
  if (ports.nodes === undefined || connection !== null) return false;
  const isInCall = activity.state === 'in-call' || activity.state === 'rejoining';
  return !isInCall || fence.wasOnSince(activity.call.openedAtMs);
}

function openNew(
  context: GatewayContext,
  connection: Connection,
  claims: SessionTicketClaims | null,
  device: DeviceKeyId,
  reset: Reset | null,
  isNewPage = false,
): void {
  if (claims === null) {
    dropConnection(context, connection, 'session-reset');
    return;
  }
  if (context.isDraining) {
    dropConnection(context, connection, 'server-moving');
    return;
  }
  const { session: id, subject } = claims;
  const older = context.sessionBySubject.get(subject);
  if (older !== undefined && isOvertaken(context, connection, older)) {
    dropConnection(context, connection, 'replaced');
    return;
  }
  if (older === undefined && context.sessions.size >= context.sessionsMax) {
    dropConnection(context, connection, 'too-many');
    return;
  }
  if (context.sessions.has(id) || !context.usedTickets.use(id, context.now.monotonicMs)) {
    dropConnection(context, connection, 'ticket-refused');
    return;
  }
  const session = createSession(context, connection, id, device);
  if (older !== undefined) {
    const isSame = older.device === device;
    const isLost = isSame && !isNewPage && mayBeLost(context, older);
    if (isSame && isNewPage) keepSeat(context, older, session);
    if (isLost) abandonCall(context, older);
    endSession(context, older, isLost ? 'lost' : 'goes', 'replaced');
  }
  openSession(context, connection, session);
  sendPassing(context, session, {
    type: 'session.opened',
    session: id,
    secret: session.secret,
    received: 0,
    receipt: sealSessionReceipt(context.ports.signer, {
      session: id,
      subject,
      device: session.device,
      issuedAtWallMs: context.now.wallMs,
    }),
    ice: context.ports.iceServers.of(id, session.facts.clientAddress),
    age: ageToTell(context, session),
    policyVersion: context.config.rules.policyVersion,
    ...(reset === null ? {} : { reset }),
    ...rejoinOffer(context, session),
  });
  tellStanding(context, session, 'new');
  const restoreByMs = context.restores.begin(context.now.monotonicMs);
  if (restoreByMs !== null) context.deadlines.add(restoreByMs, { due: 'restore-window' });
  context.ports.observer.observe({ event: 'session-opened' });
}
