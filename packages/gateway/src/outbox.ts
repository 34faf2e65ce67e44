import { encodeServerMessage } from '@farandole/protocol/codec';
import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import type { GatewayContext } from './context.ts';
import type { Session } from './session.ts';

export type SequencedType = Extract<ServerMessage, { seq: number }>['type'];

/** Fields of a sequenced message except type and sequence number. */
export type FieldsOf<T extends SequencedType> = Omit<ServerMessageOf<T>, 'type' | 'seq'>;

/** Fields as JSON text without the opening brace; shared by all receivers. */
export type EncodedFields = string;

/** Encodes the fields once; the type and each receiver's number are prefixed. */
export function encodeFields<T extends SequencedType>(fields: FieldsOf<T>): EncodedFields {
  return JSON.stringify(fields).slice(1);
}

/** Sends a sequenced message and buffers it until acknowledged, across sockets. */
export function send<T extends SequencedType>(
  context: GatewayContext,
  session: Session,
  type: T,
  fields: FieldsOf<T>,
): void {
  sendEncoded(context, session, type, encodeFields<T>(fields));
}

export function sendEncoded(
  context: GatewayContext,
  session: Session,
  type: SequencedType,
  fields: EncodedFields,
): void {
  const { state } = session;
  if (state.state === 'closed') return;
  const frame = `{"type":"${type}","seq":${session.out.sent + 1},${fields}`;
  const fits = session.out.push(frame);
  if (state.link.state === 'attached') {
    context.ports.connections.send(state.link.connection, frame);
    // Acknowledge in the same write; a separate one would cost as much as the frame.
    if (session.in.untold > 0) tellTaken(context, session);
  }
  // Ends with the turn, so that no caller's session disappears during a call.
  if (!fits) context.overflowed.push(session);
}

/** Sends an unbuffered message; skipped without a socket. */
export function sendPassing(
  context: GatewayContext,
  session: Session,
  message: Exclude<ServerMessage, { seq: number }>,
): void {
  const { connection } = session;
  if (connection !== null) context.ports.connections.send(connection, encodeServerMessage(message));
}

/** Acknowledges received frames unless that was already sent. */
export function tellTaken(context: GatewayContext, session: Session): void {
  if (session.in.untold === 0 || session.connection === null) return;
  sendPassing(context, session, { type: 'link.ack', ack: session.in.tell() });
}
