import { type Result, refused } from '@farandole/kernel/result';
import { Compile } from 'typebox/schema';
import { CLIENT_SCHEMAS, type ClientMessage } from './client-message.ts';
import type { CloseReason } from './close-codes.ts';
import { CLIENT_FRAME_BYTES_MAX } from './limits.ts';
import type { ServerMessage } from './server-message.ts';
import { isAcceptedVersion } from './version.ts';

/**
 * Reason for which the decoder rejects a frame. Each reason closes the socket, because our own
 * client never sends such frames.
 */
export type DecodeFault = Extract<CloseReason, 'too-large' | 'malformed' | 'version-unsupported'>;

interface Check {
  Check(value: unknown): boolean;
}

// Uses `typebox/schema`, because `typebox/compile` makes the same checks but also loads all code
// that transforms values.
const checks: ReadonlyMap<string, Check> = new Map(
  Object.entries(CLIENT_SCHEMAS).map(([type, schema]) => [type, Compile(schema)]),
);

/**
 * Decodes a client's frame. Never throws. @param byteLength size of the frame in bytes on the
 * wire
 */
export function decodeClientMessage(
  text: string,
  byteLength: number,
): Result<ClientMessage, DecodeFault> {
  if (byteLength > CLIENT_FRAME_BYTES_MAX) return refused('too-large');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused('malformed');
  }
  if (typeof value !== 'object' || value === null) return refused('malformed');
  const { type, version } = value as { type?: unknown; version?: unknown };
  if (typeof type !== 'string') return refused('malformed');
  // Checks the protocol version before the schema, because the hello message of another version
  // may have another shape.
  if (type === 'session.hello' && typeof version === 'number' && !isAcceptedVersion(version)) {
    return refused('version-unsupported');
  }
  const check = checks.get(type);
  if (check === undefined || !check.Check(value)) return refused('malformed');
  return { ok: true, value: value as ClientMessage };
}

export function encodeServerMessage(message: ServerMessage): string {
  return JSON.stringify(message);
}
