import { encodeServerMessage } from '@farandole/protocol/codec';
import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import type { GatewayContext } from './context.ts';
import type { Session } from './session.ts';

/** The types that are kept until they are acknowledged. */
export type SequencedType = Extract<ServerMessage, { seq: number }>['type'];

/** What a sequenced message says, beside its type and its place. */
export type FieldsOf<T extends SequencedType> = Omit<ServerMessageOf<T>, 'type' | 'seq'>;

/** A message's fields as text, without the opening brace: the same for whoever gets it. */
export type EncodedFields = string;

/** Writes the fields once; the type and each receiver's place come before them. */
export function encodeFields<T extends SequencedType>(fields: FieldsOf<T>): EncodedFields {
  return JSON.stringify(fields).slice(1);
}

/** Says something in order: it is kept until the page has it, through whatever sockets. */
export function send<T extends SequencedType>(
  context: GatewayContext,
  session: Session,
  type: T,
  fields: FieldsOf<T>,
): void {
  sendEncoded(context, session, type, encodeFields<T>(fields));
}

/** As `send`, with fields that were written before. */
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
    // It rides along in the same write, where alone it would cost as much as the frame did.
    if (session.in.untold > 0) tellTaken(context, session);
  }
  // Ended with the turn and not here, so that no caller loses a session under its hands.
  if (!fits) context.overflowed.push(session);
}

/** Says something that is worth nothing late: a session without a socket does not hear it. */
export function sendPassing(
  context: GatewayContext,
  session: Session,
  message: Exclude<ServerMessage, { seq: number }>,
): void {
  const { connection } = session;
  if (connection !== null) context.ports.connections.send(connection, encodeServerMessage(message));
}

/** Acknowledges what was taken, unless the page knows already. */
export function tellTaken(context: GatewayContext, session: Session): void {
  if (session.in.untold === 0 || session.connection === null) return;
  sendPassing(context, session, { type: 'link.ack', ack: session.in.tell() });
}
