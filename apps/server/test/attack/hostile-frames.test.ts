import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientFrame, OPCODE, textFrame } from '@farandole/e2e/web-socket-bytes';
import { CLOSES, type CloseReason } from '@farandole/protocol/close-codes';
import { CLIENT_FRAME_BYTES_MAX } from '@farandole/protocol/limits';
import { FRAGMENTS_MAX } from '../../src/limits.ts';
import { isCloseOfBun } from '../rfc6455/bun-differences.ts';
import { IS_SERVER_ON_BUN } from '../support/bun.ts';
import { clientFrameOf } from './support/client-frames.ts';
import { besiege, until } from './support/siege.ts';
import { admittedByTcp, type TcpAttacker, upgradeRequest } from './support/tcp.ts';

const SOCKETS = 10;

interface Row {
  readonly what: string;
  readonly bytes: Buffer;
  readonly closes: CloseReason;
  /** Reason on Bun, if it differs; null if Bun waits for the rest of the message. */
  readonly onBun?: CloseReason | null;
  readonly headers?: readonly string[];
}

/** Returns the first frame of a message, or a continuation frame. */
function part(index: number, payload: Buffer, isFinal = false): Buffer {
  const opcode = index === 0 ? OPCODE.text : OPCODE.continuation;
  return clientFrame({ opcode, payload, isFinal });
}

function fragments(count: number, between: Buffer = Buffer.alloc(0)): Buffer {
  const parts = Array.from({ length: count }, (_, index) =>
    Buffer.concat([part(index, Buffer.from(' '), index === count - 1), between]),
  );
  return Buffer.concat(parts);
}

/** Returns the header of a frame without its payload (RFC 6455, section 5.2). */
function announced(byteLength: bigint): Buffer {
  const header = Buffer.alloc(14);
  header[0] = 0x80 | OPCODE.text;
  header[1] = 0xff;
  header.writeBigUInt64BE(byteLength, 2);
  return header;
}

/** Returns JSON text, because an object can't hold some of the extra fields. */
function helloWith(extra: string): string {
  return clientFrameOf('session.hello', {}).replace(/\}$/, `,${extra}}`);
}

const DEFLATE = ['Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits'];
const ENDLESS = Buffer.concat(
  Array.from({ length: 50 * FRAGMENTS_MAX }, (_, index) => part(index, Buffer.from('x'))),
);

const FRAMING: readonly Row[] = [
  {
    what: 'one fragment too many',
    bytes: fragments(FRAGMENTS_MAX + 1),
    closes: 'too-large',
    onBun: 'malformed',
  },
  { what: 'fragments without end', bytes: ENDLESS, closes: 'too-large', onBun: null },
  {
    what: 'pings between fragments without end',
    bytes: fragments(
      4 * FRAGMENTS_MAX,
      clientFrame({ opcode: OPCODE.ping, payload: Buffer.from('?') }),
    ),
    closes: 'too-large',
    onBun: 'too-fast',
  },
  {
    what: 'a message within another',
    bytes: Buffer.concat([part(0, Buffer.from('{')), textFrame('{}')]),
    closes: 'malformed',
  },
  {
    what: 'parts that are too large together',
    bytes: Buffer.concat([
      part(0, Buffer.alloc(CLIENT_FRAME_BYTES_MAX, 0x20)),
      part(1, Buffer.from(' '), true),
    ]),
    closes: 'too-large',
  },
  {
    what: 'one byte too many',
    bytes: textFrame(' '.repeat(CLIENT_FRAME_BYTES_MAX + 1)),
    closes: 'too-large',
  },
  { what: 'a gigabyte announced', bytes: announced(1n << 30n), closes: 'too-large' },
  { what: 'more than a number holds', bytes: announced((1n << 63n) - 1n), closes: 'too-large' },
  { what: 'a length with its sign bit', bytes: announced((1n << 64n) - 1n), closes: 'too-large' },
  {
    what: 'compressed, though it was not agreed on',
    // Sets RSV1, which marks a compressed message (RFC 7692, section 6).
    bytes: clientFrame({
      opcode: OPCODE.text,
      payload: Buffer.alloc(CLIENT_FRAME_BYTES_MAX),
      reserved: 0b100,
    }),
    headers: DEFLATE,
    closes: 'malformed',
  },
];

const TEXTS: readonly (readonly [what: string, message: string, closes: CloseReason])[] = [
  ['200,000 levels', '['.repeat(200_000), 'too-large'],
  ['as many levels as fit', '['.repeat(CLIENT_FRAME_BYTES_MAX), 'malformed'],
  [
    'levels that are closed again',
    `${'['.repeat(CLIENT_FRAME_BYTES_MAX / 2)}${']'.repeat(CLIENT_FRAME_BYTES_MAX / 2)}`,
    'malformed',
  ],
  ['levels of objects', '{"type":'.repeat(2_000), 'malformed'],
  ['nothing but space', ' '.repeat(CLIENT_FRAME_BYTES_MAX), 'malformed'],
  ['no object', '"session.hello"', 'malformed'],
  ['null', 'null', 'malformed'],
  ['a list', '[{"type":"session.hello"}]', 'malformed'],
  ['a byte order mark', `\ufeff${clientFrameOf('session.leave', {})}`, 'malformed'],
  ['something behind it', `${clientFrameOf('session.leave', {})}{}`, 'malformed'],
  ['a comment', '{"type":"session.leave"/**/}', 'malformed'],
  ['single quotes', "{'type':'session.leave'}", 'malformed'],
  ['a zero byte', '{"type":"session.leave"}\0', 'malformed'],
  ['__proto__ for a type', '{"type":"__proto__"}', 'malformed'],
  ['constructor for a type', '{"type":"constructor"}', 'malformed'],
  ['hasOwnProperty for a type', '{"type":"hasOwnProperty"}', 'malformed'],
  ['an object for a type', '{"type":{"toString":"session.hello"}}', 'malformed'],
  ['__proto__ as a key', helloWith('"__proto__":{"isAdmin":true}'), 'malformed'],
  ['constructor as a key', helloWith('"constructor":{"prototype":{"x":1}}'), 'malformed'],
  ['toJSON as a key', helloWith('"toJSON":1'), 'malformed'],
  ['a type that is told twice', helloWith('"type":"session.admin"'), 'malformed'],
  ['a version beyond all numbers', helloWith('"version":1e999'), 'version-unsupported'],
  ['a version of minus zero', helloWith('"version":-0'), 'version-unsupported'],
  ['a version of many digits', helloWith(`"version":${'9'.repeat(8_000)}`), 'version-unsupported'],
  ['a number beyond all numbers', '{"type":"link.ping","n":1e999,"ack":0}', 'malformed'],
  ['a number of many digits', `{"type":"link.ping","n":${'9'.repeat(8_000)},"ack":0}`, 'malformed'],
  ['a fraction', '{"type":"link.ping","n":0.5,"ack":0}', 'malformed'],
  ['NaN', '{"type":"link.ping","n":NaN,"ack":0}', 'malformed'],
  ['half a surrogate pair', helloWith('"proof":"\\ud800","x":1'), 'malformed'],
  ['a very long key', `{"${'k'.repeat(16_000)}":1}`, 'malformed'],
  [
    'two thousand keys',
    `{${Array.from({ length: 1_400 }, (_, i) => `"k${i}":1`).join()}}`,
    'malformed',
  ],
  ['a message before the hello', clientFrameOf('link.ping', {}), 'out-of-order'],
];

test("[PR-1, PR-2, PR-3, PR-7] closes senders of hostile frames with the protocol's reasons", async (t) => {
  const siege = await besiege(t);
  const rows: readonly Row[] = [
    ...FRAMING.flatMap((row) => (IS_SERVER_ON_BUN ? rowOnBun(row) : [row])),
    ...TEXTS.map(([what, message, closes]) => ({ what, bytes: textFrame(message), closes })),
  ];
  await siege.withstand(async () => {
    const sent: { readonly row: Row; readonly attacker: TcpAttacker }[] = [];
    for (const [index, row] of rows.entries()) {
      const { what, bytes, headers } = row;
      const attackers = await Promise.all(
        Array.from({ length: SOCKETS }, (_, i) =>
          admittedByTcp(t, siege.server.port, `127.88.${index}.${1 + i}`),
        ),
      );
      for (const { socket, ticket } of attackers) {
        socket.write(upgradeRequest(siege.server.port, ticket, headers), 'latin1');
      }
      await until(
        () => attackers.every(({ received }) => received().includes('session.challenge')),
        () => `a challenge for ${what}`,
      );
      for (const attacker of attackers) {
        attacker.socket.write(bytes);
        sent.push({ row, attacker });
      }
    }
    // All attackers connect before the test waits for the first close, because the server delays
    // most closes.
    for (const { row, attacker } of sent) {
      const { what, closes } = row;
      const { ended, received, socket } = attacker;
      await until(
        () => closeOf(received()) !== null,
        () => `a close frame for ${what}`,
      );
      const close = closeOf(received());
      const { code } = CLOSES[closes];
      if (!IS_SERVER_ON_BUN || !isCloseOfBun(code, close?.code ?? null)) {
        assert.deepEqual({ what, ...close }, { what, code, reason: closes });
      }
      socket.end();
      await ended;
    }
  });
  const metrics = await siege.server.metrics();
  for (const reason of new Set(rows.map(({ closes }) => closes))) {
    const expected = SOCKETS * rows.filter(({ closes }) => closes === reason).length;
    assert.match(
      metrics,
      new RegExp(`^farandole_closes_total\\{reason="${reason}"\\} ${expected}$`, 'm'),
    );
  }
  await siege.canary.stop();
});

function rowOnBun(row: Row): readonly Row[] {
  return row.onBun === null ? [] : [{ ...row, closes: row.onBun ?? row.closes }];
}

/** Parses the close frame at the end of the input. Returns null if there is none. */
function closeOf(received: string): { readonly code: number; readonly reason: string } | null {
  // A short unmasked close frame consists of the byte 0x88, its length, the code and the reason.
  const found = /\x88([\x02-\x7d])([^])([^])([A-Za-z0-9 -]*)/.exec(received);
  if (found === null) return null;
  const [, length = '', high = '', low = '', reason = ''] = found;
  if (reason.length !== length.charCodeAt(0) - 2) return null;
  return { code: (high.charCodeAt(0) << 8) | low.charCodeAt(0), reason };
}
