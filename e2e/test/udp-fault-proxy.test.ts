import assert from 'node:assert/strict';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import type { UdpConditions } from '../support/faults.ts';
import { UdpFaultProxy } from '../support/udp-fault-proxy.ts';

/** One end: what it got, in order. */
class Peer {
  readonly socket: Socket;
  readonly got: string[] = [];
  last: RemoteInfo | null = null;
  error: Error | null = null;
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('message', (bytes, from) => {
      this.got.push(bytes.toString());
      this.last = from;
      this.#wake();
    });
    socket.on('error', (error) => {
      this.error = error;
    });
  }

  /** Sends one datagram; resolves when the system has it, or has said that it will not. */
  async send(text: string, port?: number, address?: string): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (error: Error | null): void => {
        // The system tells of an unreachable port at the next use of the socket, whichever that is.
        this.error ??= error;
        resolve();
      };
      if (port === undefined) this.socket.send(text, done);
      else this.socket.send(text, port, address, done);
    });
  }

  async until(count: number): Promise<readonly string[]> {
    while (this.got.length < count) await this.#change();
    return this.got;
  }

  async #change(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }
}

interface Bench {
  readonly proxy: UdpFaultProxy;
  readonly client: Peer;
  readonly server: Peer;
  /** Sends from the client, one datagram each. */
  say(...texts: readonly string[]): Promise<void>;
  /** Sends from the server to whom it heard last. */
  answer(...texts: readonly string[]): Promise<void>;
}

async function bench(t: TestContext, conditions: UdpConditions = {}): Promise<Bench> {
  const server = new Peer(createSocket('udp4'));
  server.socket.bind(0, '127.0.0.1');
  await once(server.socket, 'listening');
  const targetPort = server.socket.address().port;
  const proxy = await UdpFaultProxy.start({ targetPort, ...conditions });
  const client = new Peer(createSocket('udp4'));
  client.socket.connect(proxy.port, '127.0.0.1');
  await once(client.socket, 'connect');
  t.after(() => {
    proxy.reset();
    client.socket.close();
    server.socket.close();
  });
  return {
    proxy,
    client,
    server,
    say: async (...texts) => {
      for (const text of texts) await client.send(text);
    },
    answer: async (...texts) => {
      const { last } = server;
      assert.ok(last !== null, 'the server heard nobody');
      for (const text of texts) await server.send(text, last.port, last.address);
    },
  };
}

test('without a fault datagrams pass whole, both ways', async (t) => {
  const { client, server, say, answer } = await bench(t);
  await say('one', '', 'three');
  assert.deepEqual(await server.until(3), ['one', '', 'three']);
  await answer('back');
  assert.deepEqual(await client.until(1), ['back']);
});

test('two clients are told apart', async (t) => {
  const { proxy, client, server, say, answer } = await bench(t);
  const other = new Peer(createSocket('udp4'));
  other.socket.connect(proxy.port, '127.0.0.1');
  await once(other.socket, 'connect');
  t.after(() => other.socket.close());
  await say('from one');
  await server.until(1);
  other.socket.send('from the other');
  await server.until(2);
  await answer('to the other');
  assert.deepEqual(await other.until(1), ['to the other']);
  assert.deepEqual(client.got, []);
});

for (const direction of ['up', 'down'] as const) {
  test(`cut, ${direction}: the datagram that would cross the place is the first that is missing`, async (t) => {
    const { client, server, say, answer } = await bench(t, {
      cut: { direction, afterBytes: 8, kind: 'vanish' },
    });
    await say('hi');
    await server.until(1);
    if (direction === 'up') {
      await say('123456');
      assert.deepEqual(await server.until(2), ['hi', '123456'], 'the place itself is reached');
      await say('x', 'y');
    } else {
      await answer('1234', '5678');
      assert.deepEqual(await client.until(2), ['1234', '5678']);
      await answer('x', 'y');
    }
    // A datagram of another way through the same socket shows that these were taken and dropped.
    await answer('after');
    await say('after');
    await sentinel(t, server.socket.address().port, server);
    assert.ok(!server.got.includes('x') && !server.got.includes('after'));
    assert.ok(!client.got.includes('x') && !client.got.includes('after'), 'nothing comes back');
    assert.equal(client.error, null, 'and nobody learns of it');
  });
}

test('half-open: datagrams vanish both ways, and nobody learns of it', async (t) => {
  const { proxy, client, server, say, answer } = await bench(t);
  await say('before');
  await server.until(1);
  proxy.silence();
  await say('lost');
  await answer('lost too');
  await sentinel(t, server.socket.address().port, server);
  assert.deepEqual(server.got, ['before', 'sentinel']);
  assert.deepEqual([client.got, client.error], [[], null]);
});

test('reset: the port is unreachable, and a client that is connected to it is told', async (t) => {
  const { client, server, say } = await bench(t, {
    cut: { direction: 'up', afterBytes: 3, kind: 'reset' },
  });
  await say('one');
  await server.until(1);
  // The first of these is taken, and closes the port; one after it finds nobody.
  while (client.error === null) {
    await say('over');
    // Sending alone never lets the proxy, which is in this process, have its turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.match(String(client.error), /ECONNREFUSED/);
  assert.deepEqual(server.got, ['one']);
});

test('latency: nothing arrives before its time, and in order', async (t) => {
  const { client, server, say, answer } = await bench(t, { latencyMs: 30 });
  const startMs = performance.now();
  await say('one', 'two');
  assert.deepEqual(await server.until(2), ['one', 'two']);
  assert.ok(performance.now() - startMs >= 30);
  const backMs = performance.now();
  await answer('back');
  await client.until(1);
  assert.ok(performance.now() - backMs >= 30);
});

test('a narrow way: datagrams stay whole, no faster than it is wide', async (t) => {
  const { server, say } = await bench(t, { bytesPerSecond: 2_000 });
  const startMs = performance.now();
  await say('x'.repeat(60), 'y'.repeat(60));
  const got = await server.until(2);
  assert.ok(performance.now() - startMs >= 60);
  assert.deepEqual(
    got.map((text) => text.length),
    [60, 60],
  );
});

test('a datagram is dropped, doubled, or overtaken, as its fate says', async (t) => {
  const fates = ['pass', 'drop', 'twice', 'late', 'pass', 'late', 'late', 'pass'] as const;
  const { server, say } = await bench(t, {
    fate: (direction, index) => (direction === 'up' ? (fates[index] ?? 'pass') : 'pass'),
  });
  await say('0', '1', '2', '3', '4', '5', '6', '7');
  assert.deepEqual(await server.until(8), ['0', '2', '2', '4', '3', '5', '7', '6']);
});

/** A datagram past the proxy: what was sent to the same socket before it has come by then. */
async function sentinel(t: TestContext, port: number, server: Peer): Promise<void> {
  const socket = createSocket('udp4');
  t.after(() => socket.close());
  // Each datagram takes a turn of the loop for each hop that it still has before it.
  for (let hop = 0; hop < 4; hop++) await new Promise((resolve) => setImmediate(resolve));
  socket.send('sentinel', port, '127.0.0.1');
  while (!server.got.includes('sentinel')) await server.until(server.got.length + 1);
}
