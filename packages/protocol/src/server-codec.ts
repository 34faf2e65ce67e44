import type { ClientMessage } from './client-message.ts';
import type { ServerMessage } from './server-message.ts';

/**
 * Decodes a node's frame in the page. Checks no schema, because schemas would bloat the page and the
 * page trusts its own server. A message of a later version has an unknown type. The page counts
 * such a message in its stream and otherwise ignores it.
 * @returns null if the frame is not a JSON object with a type
 */
export function decodeServerMessage(text: string): ServerMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  return typeof (value as { type?: unknown }).type === 'string' ? (value as ServerMessage) : null;
}

export function encodeClientMessage(message: ClientMessage): string {
  return JSON.stringify(message);
}
