/**
 * Checks the behaviour of `ws` or Bun on which the transport relies, in the long tier. Sends every
 * case of `cases.ts` at once and byte by byte, on the runtime of this process. The last line is
 * JSON. The exit code is 1 if a case failed that `bun-differences.ts` doesn't list for Bun.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import {
  closeFrame,
  HANDSHAKE_ACCEPT,
  type Head,
  OPCODE,
  ServerFrames,
  splitHead,
  textFrame,
  upgradeRequest,
} from '@farandole/e2e/web-socket-bytes';
import type { ConnectionId } from '@farandole/kernel/id';
import { RUNNING } from '../../src/config/runtime.ts';
import { BUFFERED_CHUNKS_MAX } from '../../src/limits.ts';
import type { SocketHandler } from '../../src/transport/sockets.ts';
import { MADE_UP_COOKIE } from '../support/handshake.ts';
import { listenForSockets, SOCKETS_ORIGIN } from '../support/listening-sockets.ts';
import { DIFFERS_ON_BUN, isCloseOfBun } from './bun-differences.ts';
import { CASES, type Case, type Close } from './cases.ts';

const HOST = new URL(SOCKETS_ORIGIN).host;
/** Time limit in ms, much longer than a case takes. */
const PATIENCE_MS = 5_000;
const PROBE = 'and after that?';
const OFFERS = [
  'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits',
  'Sec-WebSocket-Protocol: farandole, token',
];

class Connection implements SocketHandler {
  texts: string[] = [];
  heard: number | null = null;
  pongs: string[] = [];
  closes: { readonly code: number | null; readonly reason: string }[] = [];
  hasEnded = false;
  #changed = Promise.withResolvers<void>();

  connectionOpened(): void {}

  receive(_connection: ConnectionId, text: string, byteLength: number): void {
    assert.equal(byteLength, Buffer.byteLength(text));
    this.texts.push(text);
    this.changed();
  }

  flooded(): void {}

  connectionClosed(_connection: ConnectionId, code: number): void {
    this.heard = code;
    this.changed();
  }

  changed(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  async until(isSo: () => boolean): Promise<void> {
    const late = setTimeout(() => this.#changed.reject(new Error('it never came')), PATIENCE_MS);
    while (!isSo()) await this.#changed.promise;
    clearTimeout(late);
  }

  /** Reads the server's frames. Answers a close frame as RFC 6455, section 7.1.2 requires. */
  follow(socket: Socket, rest: Buffer): void {
    const frames = new ServerFrames();
    const read = (chunk: Buffer): void => {
      frames.push(chunk, ({ opcode, payload }) => {
        assert.equal(this.closes.length, 0, 'nothing follows a close frame');
        if (opcode === OPCODE.pong) this.pongs.push(payload.toString('latin1'));
        else {
          assert.equal(opcode, OPCODE.close);
          const code = payload.length === 0 ? null : payload.readUInt16BE();
          const reason = payload.toString('utf8', 2);
          this.closes.push({ code, reason });
          if (socket.writable) socket.end(closeFrame(code, reason));
        }
      });
      this.changed();
    };
    read(rest);
    socket.on('data', read);
    socket.on('close', () => {
      this.hasEnded = true;
      this.changed();
    });
    socket.resume();
  }
}

async function runCase({ sends, texts = [], pongs = [], closes }: Case, octets: number) {
  const connection = new Connection();
  sockets.attach(connection);
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.on('error', () => {});
  const lines = [`Origin: ${SOCKETS_ORIGIN}`, `Cookie: ${MADE_UP_COOKIE}`, ...OFFERS];
  socket.write(upgradeRequest('/ws', HOST, lines));
  const { head, rest } = await headOf(socket);
  assert.match(head, /^HTTP\/1\.1 101 /);
  assert.ok(head.includes(`\r\nSec-WebSocket-Accept: ${HANDSHAKE_ACCEPT}`), head);
  assert.doesNotMatch(head, /extensions/i);
  assert.match(head, /\r\nSec-WebSocket-Protocol: farandole(?:\r\n|$)/);
  connection.follow(socket, rest);
  const bytes = Buffer.concat([...sends, ...(closes === undefined ? [textFrame(PROBE)] : [])]);
  for (let at = 0; at < bytes.length && !socket.destroyed; at += octets) {
    const part = bytes.subarray(at, at + octets);
    await new Promise<void>((resolve) => socket.write(part, () => setImmediate(resolve)));
  }
  if (closes === undefined) {
    await connection.until(() => connection.texts.includes(PROBE) || connection.heard !== null);
    await connection.until(() => connection.pongs.length >= pongs.length);
    assert.deepEqual(connection.texts, [...texts, PROBE]);
    assert.deepEqual([connection.closes, connection.heard], [[], null]);
  } else {
    await connection.until(() => connection.heard !== null && connection.hasEnded);
    assert.deepEqual(connection.texts, texts);
    assertClosed(connection.closes, closes);
    assert.equal(connection.heard, closes.heard);
  }
  assert.deepEqual(connection.pongs, pongs);
  socket.destroy();
  await connection.until(() => connection.heard !== null);
}

function assertClosed(given: Connection['closes'], { code, reason }: Close): void {
  const [only, ...others] = given;
  const isOfBun = only !== undefined && isCloseOfBun(code, only.code);
  if (RUNNING !== 'bun' || !isOfBun) assert.deepEqual(given, [{ code, reason }]);
  assert.deepEqual(others, []);
}

async function headOf(socket: Socket): Promise<Head> {
  let bytes: Buffer = Buffer.alloc(0);
  for (;;) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    socket.pause();
    bytes = Buffer.concat([bytes, chunk]);
    const split = splitHead(bytes);
    if (split !== null) return split;
    socket.resume();
  }
}

const { sockets, server, port } = await listenForSockets({
  handler: new Connection(),
  connectionsMax: 10_000,
  connectionsPerNetworkMax: 10_000,
  refusedLingerMs: 0,
});

let cases = 0;
let failed = 0;
const differing = new Set<string>();
for (const each of CASES) {
  // A longer frame isn't sent byte by byte, because the server refuses a frame that arrives in too
  // many chunks.
  const isShort = each.sends.every(({ length }) => length <= BUFFERED_CHUNKS_MAX);
  for (const octets of isShort ? [Number.MAX_SAFE_INTEGER, 1] : [Number.MAX_SAFE_INTEGER]) {
    cases += 1;
    try {
      await runCase(each, octets);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      const bound = RUNNING === 'bun' ? DIFFERS_ON_BUN.get(each.what) : undefined;
      if (bound === undefined) failed += 1;
      else differing.add(each.what);
      console.error(`${each.what}${octets === 1 ? ', octet by octet' : ''}: ${bound ?? words}`);
    }
  }
}
// A case that Bun has learned to pass must leave the list.
const passing =
  RUNNING === 'bun' ? [...DIFFERS_ON_BUN.keys()].filter((one) => !differing.has(one)) : [];
for (const what of passing) {
  failed += 1;
  console.error(`${what}: no longer differs on Bun`);
}
await server.close();
process.exitCode = failed === 0 ? 0 : 1;
console.log(JSON.stringify({ runtime: RUNNING, cases, differing: differing.size, failed }));
