import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { ConnectionId } from '@farandole/kernel/id';
import type { SocketHandler } from '../../src/transport/sockets.ts';
import { MADE_UP_COOKIE } from '../support/handshake.ts';
import { listenForSockets, SOCKETS_ORIGIN } from '../support/listening-sockets.ts';
import {
  closeFrame,
  HANDSHAKE_ACCEPT,
  type Head,
  OPCODE,
  ServerFrames,
  splitHead,
  textFrame,
  upgradeRequest,
} from '../support/web-socket-bytes.ts';
import type { Case } from './case.ts';

const HOST = new URL(SOCKETS_ORIGIN).host;
/** What should come has come by then, on the slowest machine, or will not. */
const PATIENCE_MS = 20_000;
/** What is said at the end of each case, to see whether it is heard. */
const PROBE = 'and after that?';

/** What the listener told of the connection of a case. */
class Ear implements SocketHandler {
  texts: string[] = [];
  closed: number | null = null;
  changed: () => void = () => {};

  connectionOpened(): void {
    this.texts = [];
    this.closed = null;
  }

  receive(_connection: ConnectionId, heard: string, byteLength: number): void {
    assert.equal(byteLength, Buffer.byteLength(heard), 'the size is that on the wire');
    this.texts.push(heard);
    this.changed();
  }

  connectionClosed(_connection: ConnectionId, code: number): void {
    this.closed = code;
    this.changed();
  }
}

/** A client that sends any bytes, and reads frames as section 5 writes them. */
class RawClient {
  readonly #socket: Socket;
  readonly #frames = new ServerFrames();
  readonly pongs: string[] = [];
  readonly closes: { readonly code: number | null; readonly reason: string }[] = [];
  hasEnded = false;

  constructor(socket: Socket, rest: Buffer, changed: () => void) {
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('close', () => {
      this.hasEnded = true;
      changed();
    });
    const read = (chunk: Buffer): void => {
      this.#read(chunk);
      changed();
    };
    if (rest.length > 0) read(rest);
    socket.on('data', read);
    socket.resume();
  }

  /** Each write leaves by itself: the next one waits until the system has the one before. */
  async send(bytes: Buffer, octets = bytes.length): Promise<void> {
    for (let at = 0; at < bytes.length && !this.#socket.destroyed; at += octets) {
      await new Promise<void>((resolve) => {
        this.#socket.write(bytes.subarray(at, at + octets), () => setImmediate(resolve));
      });
    }
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#frames.push(chunk, ({ opcode, payload }) => {
      assert.equal(this.closes.length, 0, 'nothing follows a close frame');
      if (opcode === OPCODE.pong) {
        this.pongs.push(payload.toString('latin1'));
      } else {
        assert.equal(opcode, OPCODE.close, 'the listener says nothing by itself');
        const code = payload.length === 0 ? null : payload.readUInt16BE();
        const reason = payload.toString('utf8', 2);
        this.closes.push({ code, reason });
        // Section 7.1.2: whoever gets a close frame answers it, unless it has sent one.
        if (this.#socket.writable) this.#socket.end(closeFrame(code, reason));
      }
    });
  }
}

export interface TestedListener {
  readonly ear: Ear;
  port(): number;
}

/** A listener without a gateway, for the tests of the suite in which this is called. */
export function withListener(): TestedListener {
  const ear = new Ear();
  let server: Server;
  before(async () => {
    const limits = { connectionsMax: 10_000, connectionsPerNetworkMax: 10_000 };
    ({ server } = await listenForSockets({ handler: ear, refusedHeldMs: 0, ...limits }));
  });
  after(() => {
    server.close();
  });
  return { ear, port: () => (server.address() as AddressInfo).port };
}

export interface OpenClient {
  readonly client: RawClient;
  /** Waits until something is so, of the client or of what the listener told. */
  until(what: string, isSo: () => boolean): Promise<void>;
}

/** A client whose handshake was answered. @param lines more headers of its request */
export async function openClient(
  { ear, port }: TestedListener,
  options: { readonly lines?: readonly string[]; readonly onHead?: (head: string) => void } = {},
): Promise<OpenClient> {
  const { lines = [], onHead } = options;
  let wake: () => void = () => {};
  const changed = (): void => wake();
  ear.changed = changed;
  const socket = connect({ port: port(), host: '127.0.0.1', noDelay: true });
  socket.write(
    upgradeRequest('/ws', HOST, [
      `Origin: ${SOCKETS_ORIGIN}`,
      `Cookie: ${MADE_UP_COOKIE}`,
      ...lines,
    ]),
  );
  const { head, rest } = await headOf(socket);
  assert.match(head, /^HTTP\/1\.1 101 /);
  assert.ok(head.includes(`\r\nSec-WebSocket-Accept: ${HANDSHAKE_ACCEPT}`), head);
  onHead?.(head);
  const client = new RawClient(socket, rest, changed);
  const until = async (what: string, isSo: () => boolean): Promise<void> => {
    while (!isSo()) {
      const change = Promise.withResolvers<void>();
      wake = change.resolve;
      const impatience = setTimeout(
        () => change.reject(new Error(`waited in vain for ${what}: ${JSON.stringify(ear)}`)),
        PATIENCE_MS,
      );
      await change.promise.finally(() => clearTimeout(impatience));
    }
  };
  return { client, until };
}

async function headOf(socket: Socket): Promise<Head> {
  let bytes: Buffer = Buffer.alloc(0);
  for (;;) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    // Nothing is to be missed between two readers.
    socket.pause();
    bytes = Buffer.concat([bytes, chunk]);
    const split = splitHead(bytes);
    if (split !== null) return split;
    socket.resume();
  }
}

/** Runs the cases of one category of Autobahn's, each on a connection of its own. */
export function runCases(category: string, cases: readonly Case[]): void {
  describe(category, () => {
    const listener = withListener();
    for (const each of cases) {
      const { id, what, rfc, ours } = each;
      it(`${id} ${what}: ${rfc}${ours === undefined ? '' : `; ours: ${ours}`}`, () =>
        runCase(each, listener));
    }
  });
}

async function runCase({ sends, octets, expects }: Case, listener: TestedListener): Promise<void> {
  const { ear } = listener;
  const { client, until } = await openClient(listener);
  const { told = [], pongs = [], closes } = expects;
  const bytes = Buffer.concat([...sends, ...(closes === undefined ? [textFrame(PROBE)] : [])]);
  await client.send(bytes, octets);
  if (closes === undefined) {
    await until('what was said last', () => ear.texts.includes(PROBE) || ear.closed !== null);
    assert.deepEqual(ear.texts, [...told, PROBE]);
    assert.deepEqual([client.closes, ear.closed], [[], null]);
    await until('pongs', () => client.pongs.length >= pongs.length);
  } else {
    await until('the close', () => ear.closed !== null && client.hasEnded);
    assert.deepEqual(ear.texts, told);
    assert.deepEqual(client.closes, [{ code: closes.code, reason: closes.reason }]);
    assert.equal(ear.closed, closes.told);
  }
  assert.deepEqual(client.pongs, pongs);
  client.destroy();
  await until('the end', () => ear.closed !== null);
}
