import type { Prng } from '@farandole/kernel/prng';
import { CLIENT_FRAME_BYTES_MAX } from '@farandole/protocol/limits';

export const MALFORMED: readonly string[] = [
  '',
  'null',
  '[]',
  '{',
  '"link.ack"',
  '{"type":1}',
  '{"type":"chat.send"}',
  '{"type":"__proto__"}',
  '{"type":"constructor"}',
  '{"type":"session.opened"}',
  '{"type":"session.leave","x":1}',
  '{"type":"session.leave","__proto__":{}}',
  '{"type":"link.ack","ack":-1}',
  '{"type":"link.ack","ack":1.5}',
  '{"type":"link.ack","ack":"1"}',
  '{"type":"link.ack","ack":1e99}',
  '['.repeat(8_000),
  `${'{"type":'.repeat(1_000)}1${'}'.repeat(1_000)}`,
];

/** A frame that is valid except that it exceeds the maximum length. */
export const TOO_LARGE = `{"type":"link.ack",${' '.repeat(CLIENT_FRAME_BYTES_MAX)}"ack":0}`;

/** A sequence number that no stream ever reaches. */
export const NEVER_SENT = 2 ** 30;

export function alter(token: string, prng: Prng): string {
  const at = prng.below(token.length);
  const other = token[at] === 'A' ? 'B' : 'A';
  return `${token.slice(0, at)}${other}${token.slice(at + 1)}`;
}
