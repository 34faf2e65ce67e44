import type { ConnectionId, DeviceKeyId } from '@farandole/kernel/id';
import type { ClientMessage, ClientMessageOf } from '@farandole/protocol/client-message';
import { helloPayload } from '@farandole/protocol/hello-payload';
import type { Connection, Greeting } from '../connection.ts';
import type { GatewayContext } from '../context.ts';
import { dispatch } from '../dispatch.ts';
import { findSession, handleHello, readResume, readTicket } from '../handlers/hello.ts';
import { EARLY_FRAMES_MAX } from '../limits.ts';
import { dropConnection, endOverflowed, refuseFrame } from '../session-life.ts';

/**
 * Handles a frame of a socket without a session: the hello, or a frame after the hello while the
 * hello waits.
 *
 * @returns the fault of the frame, or null
 */
export function greet(
  context: GatewayContext,
  connection: Connection,
  nonce: string,
  message: ClientMessage,
  text: string,
): 'out-of-order' | 'too-fast' | null {
  const { greeting } = connection;
  if (greeting === undefined) {
    if (message.type !== 'session.hello') return 'out-of-order';
    begin(context, connection, nonce, message, text);
    return null;
  }
  if (message.type === 'session.hello') return 'out-of-order';
  return greeting.early.push({ message, text }) > EARLY_FRAMES_MAX ? 'too-fast' : null;
}

/**
 * Begins to handle a hello. The signature is verified after all other checks, because verifying
 * costs most.
 */
export function begin(
  context: GatewayContext,
  connection: Connection,
  nonce: string,
  hello: ClientMessageOf<'session.hello'>,
  text: string,
): void {
  const { ticket, resume, device } = hello;
  const claims = ticket === undefined ? null : readTicket(context, connection, ticket);
  const resumes = resume === undefined ? null : readResume(context, resume);
  const greeting: Greeting = { hello, text, claims, resumes, early: [] };
  const mayOpen =
    claims !== null ||
    findSession(context, connection, resumes) !== null ||
    mustAsk(context, connection, greeting);
  const bearer = resume?.session ?? ticket;
  if (bearer === undefined || !mayOpen) {
    const isReset = resume !== undefined && ticket === undefined;
    dropConnection(context, connection, isReset ? 'session-reset' : 'ticket-refused');
    return;
  }
  connection.greeting = greeting;
  const payload = helloPayload(nonce, bearer);
  const key = context.ports.devices.verify({ ...device, payload }, connection.id);
  if (key !== 'later') go(context, connection, greeting, key);
}

/** Called with the result of a signature that `Devices.verify` verified later. */
export function deviceVerified(
  context: GatewayContext,
  id: ConnectionId,
  device: DeviceKeyId | null,
): void {
  const connection = context.connections.get(id);
  const greeting = connection?.greeting;
  // The socket was closed, or its hello was too late.
  if (connection === undefined || greeting === undefined) return;
  go(context, connection, greeting, device);
  endOverflowed(context);
}

function go(
  context: GatewayContext,
  connection: Connection,
  greeting: Greeting,
  device: DeviceKeyId | null,
): void {
  const { isForwarded, facts } = connection;
  if (isForwarded === true && !context.sessionBySubject.has(facts.subject)) {
    // The session left while the signature was verified, so another node may have it.
    dropConnection(context, connection, 'other-node');
  } else if (device !== null && mustAsk(context, connection, greeting)) {
    greeting.asking = device;
    context.ports.nodes?.ask(connection.id, connection.facts.subject, context.now);
  } else {
    finish(context, connection, greeting, device);
  }
}

/** Opens or resumes a session, then handles the frames that came after the hello. */
export function finish(
  context: GatewayContext,
  connection: Connection,
  greeting: Greeting,
  device: DeviceKeyId | null,
): void {
  delete connection.greeting;
  handleHello(context, connection, greeting, device);
  for (const { message } of greeting.early) {
    const { state } = connection;
    if (state.state !== 'bound' || !context.connections.has(connection.id)) return;
    const fault = dispatch(context, state.session, message);
    if (fault !== null) refuseFrame(context, connection, fault);
  }
}

/**
 * Whether the other nodes must say first if they have a session of the user. Asks only for a hello
 * that could open or resume a session, so that a stranger can't make all nodes work.
 */
function mustAsk(
  context: GatewayContext,
  { facts, isForwarded }: Connection,
  { claims, resumes }: Greeting,
): boolean {
  const { nodes } = context.ports;
  if (nodes === undefined || !nodes.areThere(context.now) || isForwarded === true) return false;
  if (context.sessionBySubject.has(facts.subject)) return nodes.mayBeElsewhere(facts.subject);
  return claims !== null || resumes !== null;
}
