import type { DeviceKeyId, SessionId } from '@farandole/kernel/id';
import { brandId } from '@farandole/kernel/id';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import { helloPayload } from '@farandole/protocol/hello-payload';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { Connection } from '../connection.ts';
import type { GatewayContext } from '../context.ts';
import { sendPassing } from '../outbox.ts';
import { sealSessionReceipt } from '../receipts.ts';
import type { Session } from '../session.ts';
import { attachSession, dropConnection, endSession, openSession } from '../session-life.ts';
import { openSessionTicket } from '../session-ticket.ts';

type Hello = ClientMessageOf<'session.hello'>;
type Reset = NonNullable<ServerMessageOf<'session.opened'>['reset']>;

/**
 * The first frame of a socket: resumes a session or opens one. What is cheap is looked at before
 * the signature is verified, and the ticket is used up only after.
 */
export function handleHello(
  context: GatewayContext,
  connection: Connection,
  nonce: string,
  hello: Hello,
): void {
  const { ticket, resume, device } = hello;
  const bearer = resume === undefined ? ticket : resume.session;
  if (bearer === undefined) {
    dropConnection(context, connection, 'ticket-refused');
    return;
  }
  const deviceKey = context.ports.signer.verifyDevice(
    device.publicKey,
    helloPayload(nonce, bearer),
    device.signature,
  );
  if (deviceKey === null) {
    dropConnection(context, connection, 'device-refused');
    return;
  }
  if (resume === undefined) {
    openNew(context, connection, ticket, deviceKey, null);
    return;
  }
  const found = findResumable(context, connection, deviceKey, resume);
  if (found.ok) {
    resumeSession(context, connection, found.session, resume.received);
  } else if (ticket === undefined) {
    dropConnection(context, connection, 'session-reset');
  } else {
    openNew(context, connection, ticket, deviceKey, found.reset);
  }
}

/** The session that a resume names, if its bearer is the one who opened it. */
function findResumable(
  context: GatewayContext,
  connection: Connection,
  device: DeviceKeyId,
  resume: NonNullable<Hello['resume']>,
):
  | { readonly ok: true; readonly session: Session }
  | { readonly ok: false; readonly reset: Reset } {
  const session = context.sessions.get(brandId<SessionId>(resume.session));
  const isTheirs =
    session !== undefined &&
    session.subject === connection.facts.subject &&
    session.device === device &&
    context.ports.signer.open('resume', resume.secret) === session.id;
  // To anybody else, a session that is there looks like one that is not.
  if (!isTheirs) return { ok: false, reset: 'unknown-session' };
  if (!session.out.canResumeAfter(resume.received)) return { ok: false, reset: 'out-of-range' };
  return { ok: true, session };
}

function resumeSession(
  context: GatewayContext,
  connection: Connection,
  session: Session,
  received: number,
): void {
  session.out.acknowledge(received);
  // What it missed is written down before anything new is said to it.
  const missed = session.out.unacknowledged;
  attachSession(context, session, connection);
  sendPassing(context, session, {
    type: 'session.resumed',
    session: session.id,
    secret: session.secret,
    received: session.in.tell(),
  });
  for (const frame of missed) context.ports.connections.send(connection.id, frame);
  if (context.drain.state === 'until') {
    const deadlineMs = Math.ceil(context.drain.endsAtMs - context.now.monotonicMs);
    sendPassing(context, session, { type: 'server.moving', deadlineMs });
  }
  beginRestoreWindow(context);
  context.ports.observer.observe({ event: 'session-resumed' });
}

function openNew(
  context: GatewayContext,
  connection: Connection,
  token: string | undefined,
  device: DeviceKeyId,
  reset: Reset | null,
): void {
  if (context.isDraining) {
    dropConnection(context, connection, 'server-moving');
    return;
  }
  const { subject } = connection.facts;
  const older = context.sessionBySubject.get(subject);
  if (older === undefined && context.sessions.size >= context.sessionsMax) {
    dropConnection(context, connection, 'too-many');
    return;
  }
  const id = redeem(context, connection, token);
  if (id === null) {
    dropConnection(context, connection, 'ticket-refused');
    return;
  }
  if (older !== undefined) endSession(context, older, 'goes', 'replaced', 'replaced');
  const session = openSession(context, connection, id, device);
  sendPassing(context, session, {
    type: 'session.opened',
    session: id,
    secret: session.secret,
    received: 0,
    receipt: sealSessionReceipt(context.ports.signer, {
      session: id,
      subject,
      issuedAtWallMs: context.now.wallMs,
    }),
    age: {
      state: session.age,
      refused: context.ageRefusals.has(subject, context.now.monotonicMs),
    },
    policyVersion: context.config.policyVersion,
    ...(reset === null ? {} : { reset }),
  });
  beginRestoreWindow(context);
  context.ports.observer.observe({ event: 'session-opened' });
}

/** Uses a ticket up; null when it opens nothing for this cookie, or was used before. */
function redeem(
  context: GatewayContext,
  connection: Connection,
  token: string | undefined,
): SessionId | null {
  if (token === undefined) return null;
  const claims = openSessionTicket(context.ports.signer, token, context.now.wallMs);
  if (claims === null || claims.subject !== connection.facts.subject) return null;
  if (context.sessions.has(claims.session)) return null;
  return context.usedTickets.use(claims.session, context.now.monotonicMs) ? claims.session : null;
}

function beginRestoreWindow(context: GatewayContext): void {
  const endsAtMs = context.restores.begin(context.now.monotonicMs);
  if (endsAtMs !== null) context.deadlines.add(endsAtMs, { due: 'restore-window' });
}
