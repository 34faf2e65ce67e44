import type { ClientMessage } from './client-message.ts';
import type { ServerMessage, ServerMessageType } from './server-message.ts';

/** Keyed by type, so that a missing message type is a compile error. */
const KNOWN: Record<ServerMessageType, true> = {
  'session.challenge': true,
  'session.opened': true,
  'session.resumed': true,
  'link.pong': true,
  'link.ack': true,
  'online.count': true,
  'server.moving': true,
  'standing.changed': true,
  'age.answered': true,
  'ticket.accepted': true,
  'ticket.refused': true,
  'ticket.withdrawn': true,
  'match.found': true,
  'signal.offer': true,
  'signal.answer': true,
  'signal.candidate': true,
  'signal.refused': true,
  'chat.line': true,
  'chat.refused': true,
  'chat.typing': true,
  'call.reaction': true,
  'media.updated': true,
  'direct.updated': true,
  'video.updated': true,
  'video.refused': true,
  'video.started': true,
  'peer.presence': true,
  'call.ended': true,
  'call.restoring': true,
  'call.restored': true,
  'restore.refused': true,
  'block.accepted': true,
  'block.refused': true,
  'block.removed': true,
  'block.kept': true,
  'report.accepted': true,
  'report.refused': true,
};

/**
 * Decodes a node's frame in the page. Checks no schema, because schemas would bloat the page and the
 * page trusts its own server.
 * @returns null for an unknown type or an invalid JSON object
 */
export function decodeServerMessage(text: string): ServerMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { type } = value as { type?: unknown };
  if (typeof type !== 'string' || !Object.hasOwn(KNOWN, type)) return null;
  return value as ServerMessage;
}

export function encodeClientMessage(message: ClientMessage): string {
  return JSON.stringify(message);
}
