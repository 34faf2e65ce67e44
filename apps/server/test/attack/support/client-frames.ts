import { readFileSync } from 'node:fs';
import { CLIENT_SCHEMAS, type ClientMessageType } from '@farandole/protocol/client-message';

const FIXTURES = new URL('../../../../../packages/protocol/fixtures/client/', import.meta.url);

export const CLIENT_MESSAGE_TYPES = Object.keys(CLIENT_SCHEMAS) as readonly ClientMessageType[];

/** Returns the protocol's example frame of a type, with some fields replaced. */
export function clientFrameOf(
  type: ClientMessageType,
  fields: Readonly<Record<string, unknown>>,
): string {
  const fixture: unknown = JSON.parse(readFileSync(new URL(`${type}.json`, FIXTURES), 'utf8'));
  if (typeof fixture !== 'object' || fixture === null) throw new Error(`no fixture of ${type}`);
  const known = Object.entries(fields).filter(([name]) => name in fixture);
  return JSON.stringify({ ...fixture, ...Object.fromEntries(known) });
}
