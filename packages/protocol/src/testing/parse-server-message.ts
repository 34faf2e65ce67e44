import { AssertionError } from '@farandole/kernel/assert';
import { Compile } from 'typebox/schema';
import { SERVER_SCHEMAS, type ServerMessage } from '../server-message.ts';

const checks: ReadonlyMap<string, { Check(value: unknown): boolean }> = new Map(
  Object.entries(SERVER_SCHEMAS).map(([type, schema]) => [type, Compile(schema)]),
);

/**
 * Parses a node's message and checks its schema, which the page's decoder doesn't do. @throws
 * AssertionError if the message is invalid
 */
export function parseServerMessage(text: string): ServerMessage {
  const value: unknown = JSON.parse(text);
  const type = (value as { type?: unknown } | null)?.type;
  const check = typeof type === 'string' ? checks.get(type) : undefined;
  if (check?.Check(value) !== true) throw new AssertionError(`not a server message: ${text}`);
  return value as ServerMessage;
}
