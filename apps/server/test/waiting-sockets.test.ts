import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createHardenedServer } from '../src/http/hardened-server.ts';
import { CONNECTIONS_CHECK_EVERY_MS } from '../src/limits.ts';
import { parseAddressRange } from '../src/net/address-range.ts';
import { systemClock } from '../src/node/system-clock.ts';
import { testBudgets } from './support/budgets.ts';

const PROXY = '127.0.0.1';
const VISITOR = '127.0.0.2';
const SHORT_MS = 50;
/** Node.js keeps an idle connection open for this many ms longer than it announces. */
const NODE_BUFFER_MS = 1_000;
const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

interface Client {
  readonly socket: Socket;
  received(end: RegExp): Promise<string>;
}

/** A server with short timeouts and one listed proxy. */
async function start(t: TestContext): Promise<(from: string) => Promise<Client>> {
  const proxy = parseAddressRange(PROXY) ?? assert.fail('no address');
  const server = createHardenedServer({
    app: { fetch: () => new Response('here\n') },
    onUpgrade: (_request, stream) => stream.destroy(),
    connectionsMax: 10,
    socketBudget: testBudgets(systemClock).connections,
    trustedProxies: [proxy],
    log: () => {},
    headersTimeoutMs: SHORT_MS,
    keepAliveMs: SHORT_MS,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const { port } = address;
  return async (from) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from });
    t.after(() => socket.destroy());
    await Promise.all([once(server, 'connection'), once(socket, 'connect')]);
    return { socket, received: reader(socket) };
  };
}

function reader(socket: Socket): Client['received'] {
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text += chunk;
  });
  return async (end) => {
    while (!end.test(text)) {
      const isClosed = socket.closed || socket.readableEnded;
      assert.equal(isClosed, false, `it ended after ${JSON.stringify(text)}`);
      await Promise.race([once(socket, 'data'), once(socket, 'close')]);
    }
    const all = text;
    text = '';
    return all;
  };
}

/** Blocks the process, so that afterwards timers run before pending input is read. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

test('answers a request that arrived while the process was stalled', async (t) => {
  const open = await start(t);
  const { socket, received } = await open(VISITOR);
  socket.write(REQUEST);
  standStill(2 * CONNECTIONS_CHECK_EVERY_MS + SHORT_MS);
  assert.match(await received(/here\n/), /^HTTP\/1\.1 200 /);
  socket.write(REQUEST);
  standStill(2 * NODE_BUFFER_MS + SHORT_MS);
  assert.match(await received(/here\n/), /^HTTP\/1\.1 200 /);
});

test('answers half a request with 408 and closes an unused connection silently', async (t) => {
  const open = await start(t);
  const [half, none] = [await open(VISITOR), await open(VISITOR)];
  half.socket.write(REQUEST.slice(0, 20));
  const closed = once(none.socket, 'close');
  assert.match(await half.received(/\}$/), /^HTTP\/1\.1 408 /);
  await closed;
  assert.equal(none.socket.bytesRead, 0);
});

test("keeps a listed proxy's connection open before and between requests", async (t) => {
  const open = await start(t);
  const [unused, used] = [await open(PROXY), await open(PROXY)];
  used.socket.write(REQUEST);
  await used.received(/here\n/);
  // A connection on which the visitor already sent a request times out too.
  const [late, later] = [await open(VISITOR), await open(VISITOR)];
  later.socket.write(REQUEST);
  await later.received(/here\n/);
  await Promise.all(
    [late, later].map(async ({ socket }) => socket.closed || (await once(socket, 'close'))),
  );
  for (const { socket, received } of [unused, used]) {
    socket.write(REQUEST);
    assert.match(await received(/here\n/), /^HTTP\/1\.1 200 /);
  }
});
