import { encodeServerMessage } from '@farandole/protocol/codec';
import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import type { GatewayContext } from './context.ts';
import type { Session } from './session.ts';

export type SequencedType = Extract<ServerMessage, { seq: number }>['type'];

/** The fields of a sequenced message except those that `sendEncoded` writes. */
export type FieldsOf<T extends SequencedType> = Omit<ServerMessageOf<T>, 'type' | 'seq' | 'ack'>;

/** The fields of a message as JSON without the opening brace. All receivers share the text. */
export type EncodedFields = string;

/**
 * Encodes a message's fields once. The message type and each receiver's sequence number are
 * prefixed later.
 */
export function encodeFields<T extends SequencedType>(fields: FieldsOf<T>): EncodedFields {
  return JSON.stringify(fields).slice(1);
}

/**
 * Sends a sequenced message. The frame is buffered until the client acknowledges it, even if the
 * session moves to a new socket.
 */
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
  const head = `{"type":"${type}","seq":${session.out.sent + 1},`;
  const frame = head + fields;
  const fits = session.out.push(frame);
  if (state.link.state === 'attached') {
    const { connection } = state.link;
    // Acknowledges received frames in the frame or in the same write, because a separate write
    // would cost as much as the frame.
    const isInFrame = session.readsAcks && session.in.untold > 0;
    const sent = isInFrame ? `${head}"ack":${session.in.tell()},${fields}` : frame;
    context.ports.connections.send(connection, sent);
    if (session.in.untold > 0) tellTaken(context, session);
  }
  // An overflowed session ends only at the end of the event-loop turn, because the caller may
  // still use the session.
  if (!fits) context.overflowed.push(session);
}

/** Sends a message that is not buffered. Does nothing if the session has no socket. */
export function sendPassing(
  context: GatewayContext,
  session: Session,
  message: Exclude<ServerMessage, { seq: number }>,
): void {
  const { connection } = session;
  if (connection !== null) context.ports.connections.send(connection, encodeServerMessage(message));
}

/** Acknowledges received frames, unless all are already acknowledged. */
export function tellTaken(context: GatewayContext, session: Session): void {
  if (session.in.untold === 0 || session.connection === null) return;
  sendPassing(context, session, { type: 'link.ack', ack: session.in.tell() });
}
