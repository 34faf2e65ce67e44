import assert from 'node:assert/strict';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { UdpFaultProxy, type UdpFaultProxyOptions } from '../support/udp-fault-proxy.ts';

class Peer {
  readonly socket: Socket = createSocket('udp4');
  readonly got: string[] = [];
  last: RemoteInfo | null = null;

  constructor(t: TestContext) {
    t.after(() => this.socket.close());
    this.socket.on('message', (bytes, from) => {
      this.got.push(bytes.toString());
      this.last = from;
    });
  }

  async connect(port: number): Promise<void> {
    this.socket.connect(port, '127.0.0.1');
    await once(this.socket, 'connect');
  }

  answer(text: string): void {
    assert.ok(this.last !== null, 'it heard nobody');
    this.socket.send(text, this.last.port, this.last.address);
  }

  async until(count: number): Promise<readonly string[]> {
    while (this.got.length < count) await once(this.socket, 'message');
    return this.got;
  }
}

async function setUp(
  t: TestContext,
  options: Omit<UdpFaultProxyOptions, 'targetPort'> = {},
): Promise<{ proxy: UdpFaultProxy; client: Peer; server: Peer }> {
  const server = new Peer(t);
  server.socket.bind(0, '127.0.0.1');
  await once(server.socket, 'listening');
  const targetPort = server.socket.address().port;
  const proxy = await UdpFaultProxy.start({ targetPort, ...options });
  t.after(() => proxy.stop());
  const client = new Peer(t);
  await client.connect(proxy.port);
  return { proxy, client, server };
}

test('forwards whole datagrams both ways and keeps two clients apart', async (t) => {
  const { proxy, client, server } = await setUp(t);
  const other = new Peer(t);
  await other.connect(proxy.port);
  client.socket.send('one');
  client.socket.send('');
  assert.deepEqual(await server.until(2), ['one', '']);
  other.socket.send('from the other');
  await server.until(3);
  server.answer('to the other');
  assert.deepEqual(await other.until(1), ['to the other']);
  assert.deepEqual(client.got, []);
});

test('delays datagrams and keeps their order', async (t) => {
  const { client, server } = await setUp(t, { latencyMs: 30 });
  const startMs = performance.now();
  client.socket.send('one');
  client.socket.send('two');
  assert.deepEqual(await server.until(2), ['one', 'two']);
  assert.ok(performance.now() - startMs >= 30);
  const backMs = performance.now();
  server.answer('back');
  await client.until(1);
  assert.ok(performance.now() - backMs >= 30);
});

test('drops the datagrams chosen by their index within each direction', async (t) => {
  const { client, server } = await setUp(t, { isLost: (index) => index % 2 === 0 });
  for (const text of ['0', '1', '2', '3']) client.socket.send(text);
  assert.deepEqual(await server.until(2), ['1', '3']);
  server.answer('lost');
  server.answer('back');
  assert.deepEqual(await client.until(1), ['back']);
});
