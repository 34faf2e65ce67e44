import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import type { CutKind, Direction, TcpConditions } from '../support/faults.ts';
import { TcpFaultProxy } from '../support/tcp-fault-proxy.ts';
import type { TcpLink } from '../support/tcp-link.ts';

const CUT_KINDS: readonly CutKind[] = ['reset', 'finish', 'vanish'];
const DIRECTIONS: readonly Direction[] = ['up', 'down'];

test('forwards bytes in both directions and keeps the client’s address', async (t) => {
  const { pair } = await tcpBench(t);
  const { client, server, link } = await pair();
  client.say('hello');
  assert.equal(await server.until(5), 'hello');
  server.say('good day');
  assert.equal(await client.until(8), 'good day');
  assert.equal(server.socket.remoteAddress, '127.0.7.7');
  assert.equal(link.from, '127.0.7.7');
  assert.deepEqual([link.passed('up'), link.passed('down')], [5, 8]);
});

test('forwards a FIN in one direction and keeps the other open', async (t) => {
  const { pair } = await tcpBench(t);
  const { client, server } = await pair();
  client.socket.end('last');
  assert.equal(await server.untilOver(), 'ended');
  assert.equal(server.got, 'last');
  server.say('answer');
  assert.equal(await client.until(6), 'answer');
  server.socket.end();
  assert.equal(await client.untilOver(), 'ended');
});

test('forwards a TCP reset', async (t) => {
  const { pair } = await tcpBench(t);
  const { client, server } = await pair();
  client.socket.resetAndDestroy();
  assert.equal(await server.untilOver(), 'reset');
});

test('forwards a megabyte in both directions to a slow reader', async (t) => {
  const { pair } = await tcpBench(t);
  const { client, server } = await pair({ latencyMs: 1 });
  const bytes = 1_024 * 1_024;
  client.socket.pause();
  client.say('u'.repeat(bytes));
  server.say('d'.repeat(bytes));
  assert.equal((await server.until(bytes)).length, bytes);
  client.socket.resume();
  assert.equal(await client.until(bytes), 'd'.repeat(bytes));
});

describe('cuts a connection after a given number of bytes', () => {
  for (const direction of DIRECTIONS) {
    for (const kind of CUT_KINDS) {
      test(`${kind}, ${direction}: forwards exactly the bytes before the cut`, async (t) => {
        const { pair } = await tcpBench(t);
        for (const afterBytes of [0, 1, 5, 9, 10]) {
          for (const isOneWrite of [true, false]) {
            const { client, server, link } = await pair({ cut: { direction, afterBytes, kind } });
            const [from, to] = direction === 'up' ? [client, server] : [server, client];
            const text = '0123456789';
            if (isOneWrite) from.say(text);
            else for (const byte of text) from.say(byte);
            if (kind === 'vanish') {
              await to.until(afterBytes);
              await untilCut(link);
            } else {
              assert.equal(await to.untilOver(), kind === 'reset' ? 'reset' : 'ended');
              assert.equal(await from.untilOver(), kind === 'reset' ? 'reset' : 'ended');
            }
            assert.equal(to.got, text.slice(0, afterBytes));
            assert.equal(link.passed(direction), afterBytes);
            assert.equal(link.cutBy, kind);
          }
        }
      });
    }
  }
});

test('silently drops bytes, FIN and reset on a half-open connection', async (t) => {
  const { pair } = await tcpBench(t);
  for (const goodbye of ['end', 'reset'] as const) {
    const { client, server, link } = await pair();
    client.say('a');
    await server.until(1);
    link.cut('vanish');
    client.say('lost');
    server.say('lost too');
    const gone = once(client.socket, 'close');
    if (goodbye === 'end') client.socket.end();
    else client.socket.resetAndDestroy();
    // A byte that the proxy forwarded would have arrived before this socket closed.
    if (goodbye === 'reset') await gone;
    const other = await pair();
    other.client.say('x');
    await other.server.until(1);
    assert.deepEqual([server.got, server.state], ['a', 'open']);
    assert.equal(client.got, '');
  }
});

test('holds bytes during a stall and delivers all of them on release', async (t) => {
  const { pair } = await tcpBench(t);
  for (const direction of DIRECTIONS) {
    for (const afterBytes of [0, 4, 10]) {
      const { client, server, link } = await pair({
        cut: { direction, afterBytes, kind: 'stall' },
      });
      const [from, to] = direction === 'up' ? [client, server] : [server, client];
      from.say('01234');
      from.say('56789');
      await to.until(afterBytes);
      await untilCut(link);
      to.say('and back');
      // A byte that the proxy forwarded would have arrived before a later connection's bytes.
      const other = await pair();
      other.client.say('x');
      await other.server.until(1);
      assert.deepEqual([to.got, to.state], ['0123456789'.slice(0, afterBytes), 'open']);
      assert.deepEqual([from.got, from.state], ['', 'open']);
      link.release();
      assert.equal(await to.until(10), '0123456789');
      assert.equal(await from.until(8), 'and back');
      from.say('!');
      assert.equal(await to.until(11), '0123456789!');
      from.socket.end();
      assert.equal(await to.untilOver(), 'ended');
    }
  }
});

test('delivers a client’s bytes and FIN after a stall', async (t) => {
  const { pair } = await tcpBench(t);
  const { client, server, link } = await pair();
  client.say('a');
  await server.until(1);
  link.cut('stall');
  const gone = once(client.socket, 'close');
  client.socket.write('late', () => client.socket.resetAndDestroy());
  await gone;
  const other = await pair();
  other.client.say('x');
  await other.server.until(1);
  assert.deepEqual([server.got, server.state], ['a', 'open']);
  link.release();
  assert.equal(await server.until(5), 'alate');
  assert.equal(await server.untilOver(), 'ended');
});

test('holds the FIN until released, but not the bytes before it', async (t) => {
  const { pair } = await tcpBench(t);
  const { client, server, link } = await pair({ holdsFin: true });
  client.socket.end('bye');
  assert.equal(await server.until(3), 'bye');
  // The other direction still works. The bytes of this direction have arrived before the FIN.
  server.say('and you');
  assert.equal(await client.until(7), 'and you');
  assert.equal(server.state, 'open');
  link.releaseFin();
  assert.equal(await server.untilOver(), 'ended');
});

test('delays bytes by the latency and keeps their order', async (t) => {
  const { pair } = await tcpBench(t);
  const { client, server } = await pair({ latencyMs: 40 });
  const startMs = performance.now();
  client.say('one');
  client.say('two');
  assert.equal(await server.until(6), 'onetwo');
  assert.ok(performance.now() - startMs >= 40);
  server.say('three');
  const backMs = performance.now();
  await client.until(5);
  assert.ok(performance.now() - backMs >= 40);
});

test('splits bytes into small pieces to match the bandwidth', async (t) => {
  const { pair } = await tcpBench(t);
  const { client, server } = await pair({ bytesPerSecond: 1_000 });
  const pieces: number[] = [];
  server.socket.on('data', (chunk: Buffer) => pieces.push(chunk.length));
  const startMs = performance.now();
  client.say('x'.repeat(100));
  client.socket.end();
  await server.untilOver();
  assert.ok(performance.now() - startMs >= 100);
  assert.equal(server.got.length, 100);
  assert.ok(pieces.length > 1, 'in more than one piece');
});

test('cuts, silences and restores all connections at the same time', async (t) => {
  const { proxy, pair, client } = await tcpBench(t);
  const one = await pair();
  const two = await pair();
  proxy.cut();
  for (const peer of [one.client, one.server, two.client, two.server]) {
    assert.equal(await peer.untilOver(), 'reset');
  }
  assert.equal(await new Peer(client()).untilOver(), 'reset');

  proxy.heal();
  const three = await pair();
  three.client.say('through');
  await three.server.until(7);
  proxy.silence();
  three.client.say('lost');
  const four = await pair();
  four.client.say('lost too');

  proxy.heal();
  const five = await pair();
  five.client.say('again');
  assert.equal(await five.server.until(5), 'again');
  assert.deepEqual([three.server.got, three.server.state], ['through', 'open']);
  assert.deepEqual([four.server.got, four.server.state], ['', 'open']);
});

test('resets the client’s connection when the target is unreachable', async (t) => {
  const { proxy, client } = await tcpBench(t);
  // No program listens on the port of a closed proxy.
  const other = await tcpBench(t);
  const { port } = other.proxy;
  await other.proxy.stop();
  proxy.aimAt(port);
  assert.equal(await new Peer(client()).untilOver(), 'reset');
});

test('forgets a connection when both ends have closed', async (t) => {
  const { proxy, pair } = await tcpBench(t);
  const { client, server, link } = await pair();
  assert.equal(proxy.links.size, 1);
  const gone = new Promise<void>((resolve) => {
    const { onGone } = link;
    link.onGone = () => {
      onGone?.();
      resolve();
    };
  });
  client.socket.end();
  await server.untilOver();
  server.socket.end();
  await gone;
  assert.equal(proxy.links.size, 0);
});

async function untilCut(link: { cutBy: CutKind | null; onCut: unknown }): Promise<void> {
  if (link.cutBy !== null) return;
  await new Promise<void>((resolve) => {
    link.onCut = () => resolve();
  });
}

class Peer {
  readonly socket: Socket;
  #got = Buffer.alloc(0);
  #state: 'open' | 'ended' | 'reset' | 'closed' = 'open';
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#got = Buffer.concat([this.#got, chunk]);
      this.#wake();
    });
    socket.on('end', () => this.#become('ended'));
    socket.on('error', () => this.#become('reset'));
    socket.on('close', () => {
      if (this.#state === 'open') this.#become('closed');
    });
  }

  /** State of the peer's socket: `open`, `ended` after a FIN, or `reset` after an RST. */
  get state(): string {
    return this.#state;
  }

  get got(): string {
    return this.#got.toString('latin1');
  }

  say(text: string): void {
    this.socket.write(text, 'latin1');
  }

  async until(bytes: number): Promise<string> {
    while (this.#got.length < bytes) await this.#change();
    return this.got;
  }

  async untilOver(): Promise<string> {
    while (this.#state === 'open') await this.#change();
    return this.#state;
  }

  #become(state: 'ended' | 'reset' | 'closed'): void {
    this.#state = state;
    this.#wake();
  }

  async #change(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }
}

interface Pair {
  readonly client: Peer;
  readonly server: Peer;
  readonly link: TcpLink;
}

interface Bench {
  readonly proxy: TcpFaultProxy;
  pair(conditions?: TcpConditions): Promise<Pair>;
  client(): Socket;
}

/** Starts a proxy in front of a server that sends nothing by itself. */
async function tcpBench(t: TestContext): Promise<Bench> {
  let conditions: TcpConditions = {};
  const accepted: Socket[] = [];
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const links: TcpLink[] = [];
  const proxy = await TcpFaultProxy.start({
    targetPort: (server.address() as AddressInfo).port,
    host: '127.0.0.1',
    keepsSource: true,
    conditionsFor: () => conditions,
    onLink: (link) => links.push(link),
  });
  const open: Socket[] = [];
  t.after(async () => {
    await proxy.stop();
    for (const socket of [...open, ...accepted]) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const client = (): Socket => {
    const socket = connect({
      port: proxy.port,
      host: '127.0.0.1',
      localAddress: '127.0.7.7',
      allowHalfOpen: true,
      noDelay: true,
    });
    open.push(socket);
    return socket;
  };
  return {
    proxy,
    client,
    pair: async (next = {}) => {
      conditions = next;
      const connected = once(server, 'connection') as Promise<[Socket]>;
      const socket = new Peer(client());
      const [other] = await connected;
      accepted.push(other);
      const link = links.at(-1);
      if (link === undefined) throw new Error('the proxy did not tell of its link');
      return { client: socket, server: new Peer(other), link };
    },
  };
}
