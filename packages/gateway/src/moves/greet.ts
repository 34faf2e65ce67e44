import type { ClientMessageOf } from '@farandole/protocol/client-message';
import { helloPayload } from '@farandole/protocol/hello-payload';
import type { Connection } from '../connection.ts';
import type { GatewayContext } from '../context.ts';
import { handleHello } from '../handlers/hello.ts';
import { openSessionTicket } from '../session-ticket.ts';

type Hello = ClientMessageOf<'session.hello'>;

/**
 * Handles a hello, after the other nodes were asked if necessary.
 *
 * @returns the fault of a second hello, or null
 */
export function greet(
  context: GatewayContext,
  connection: Connection,
  nonce: string,
  hello: Hello,
  text: string,
): 'out-of-order' | null {
  if (connection.asking !== undefined) return 'out-of-order';
  if (!askFirst(context, connection, nonce, hello, text)) {
    handleHello(context, connection, nonce, hello);
  }
  return null;
}

/**
 * Asks the other nodes for a session of the user, unless this node has one. Asks only for a hello
 * that could open or resume a session, so that a stranger can't make all nodes work.
 *
 * @returns whether the hello waits for answers
 */
function askFirst(
  context: GatewayContext,
  connection: Connection,
  nonce: string,
  { ticket, resume, device }: Hello,
  text: string,
): boolean {
  const { nodes, signer } = context.ports;
  if (nodes === undefined || !nodes.areThere(context.now) || connection.isForwarded === true)
    return false;
  const { subject } = connection.facts;
  if (context.sessionBySubject.has(subject)) return false;
  const bearer = resume?.session ?? ticket;
  if (bearer === undefined) return false;
  const isKnown =
    (resume !== undefined && signer.open('resume', resume.secret) === resume.session) ||
    (ticket !== undefined &&
      openSessionTicket(signer, ticket, context.now.wallMs)?.subject === subject);
  if (!isKnown) return false;
  const payload = helloPayload(nonce, bearer);
  if (signer.verifyDevice(device.publicKey, payload, device.signature) === null) return false;
  connection.asking = text;
  nodes.ask(connection.id, subject, context.now);
  return true;
}
