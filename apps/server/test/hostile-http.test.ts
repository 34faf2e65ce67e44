import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { ask } from '@farandole/e2e/http';
import { createHardenedServer } from '../src/http/hardened-server.ts';
import { capSockets } from '../src/http/network-cap.ts';
import { HTTP_SOCKETS_PER_NETWORK_MAX } from '../src/limits.ts';
import { systemClock } from '../src/node/system-clock.ts';
import { testBudgets } from './support/budgets.ts';
import { startTestServer } from './support/test-server.ts';

async function openSocket(
  t: TestContext,
  port: number,
  localAddress = '127.0.0.1',
): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

test('closes a client that never reads its response', async (t) => {
  const body = Buffer.alloc(64 * 1024 * 1024);
  const server = createHardenedServer({
    app: { fetch: () => new Response(body) },
    onUpgrade: (_request, stream) => stream.destroy(),
    connectionsMax: 1,
    socketBudget: testBudgets(systemClock).connections,
    trustedProxies: [],
    log: () => {},
    stalledMs: 100,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const [[held], socket] = await Promise.all([
    once(server, 'connection') as Promise<[Socket]>,
    openSocket(t, address.port),
  ]);
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(held, 'close');
  assert.equal(socket.closed, false, 'it was not the client that ended it');
});

test('keeps socket slots free for other networks when one uses its maximum', async (t) => {
  const { port } = await startTestServer(t, {
    env: { FARANDOLE_CONNECTIONS_PER_NETWORK_MAX: '2' },
  });
  const first = await openSocket(t, port, '127.0.9.1');
  first.resume();
  for (let i = 1; i < HTTP_SOCKETS_PER_NETWORK_MAX + 2; i++) await openSocket(t, port, '127.0.9.1');
  const oneMore = await openSocket(t, port, '127.0.9.2');
  oneMore.resume();
  await once(oneMore, 'close');
  assert.equal(first.closed, false, 'not for being silent too long');
  assert.equal((await ask({ port, from: '127.0.10.1' })).status, 200);
});

test('exempts listed proxies from the socket limit per network', async (t) => {
  const { port } = await startTestServer(t, {
    env: {
      FARANDOLE_CONNECTIONS_PER_NETWORK_MAX: '1',
      FARANDOLE_TRUSTED_PROXIES: '127.0.9.1',
    },
  });
  for (let i = 0; i < HTTP_SOCKETS_PER_NETWORK_MAX + 2; i++) await openSocket(t, port, '127.0.9.1');
  assert.equal((await ask({ port, from: '127.0.9.1' })).status, 200);
});

test('leaks no socket when clients vanish at any stage', async (t) => {
  const { port, events } = await startTestServer(t);
  const request = `POST /api/session-ticket HTTP/1.1\r\nHost: localhost:${port}\r\nOrigin: http://localhost:${port}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`;
  for (let length = 0; length <= request.length; length += 5) {
    const socket = await openSocket(t, port);
    socket.write(request.slice(0, length));
    socket.resetAndDestroy();
  }
  assert.equal((await ask({ port })).status, 200);
  assert.deepEqual(
    events.filter(({ event }) => event === 'request-failed'),
    [],
  );
});

test('answers a request with an unsupported upgrade as a plain request', async (t) => {
  const { port } = await startTestServer(t);
  const headers = { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': '' };
  assert.equal((await ask({ port, headers })).status, 200);
});

test('forgets a client network when its last socket has closed', async (t) => {
  const server = createServer();
  const { connections } = testBudgets(systemClock);
  capSockets(server, connections, []);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const sockets = [];
  for (const from of ['127.0.1.1', '127.0.1.2', '127.0.2.1']) {
    const connected = once(server, 'connection') as Promise<[Socket]>;
    const socket = await openSocket(t, port, from);
    const [taken] = await connected;
    sockets.push({ socket, closed: once(taken, 'close') });
    taken.resume();
  }
  assert.deepEqual([connections.taken, connections.sizes[1]], [3, 2]);
  for (const { socket, closed } of sockets) {
    socket.destroy();
    await closed;
  }
  assert.deepEqual([connections.taken, connections.sizes[1]], [0, 0]);
});
