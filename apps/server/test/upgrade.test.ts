import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { type TestContext, test } from 'node:test';
import { WebSocket } from 'ws';
import { handshakeHeaders, handshakeText, MADE_UP_COOKIE } from './support/handshake.ts';
import { ask, askRaw } from './support/http.ts';
import { TestPage } from './support/test-page.ts';
import { startTestServer } from './support/test-server.ts';

interface Upgrade {
  readonly port: number;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly from?: string;
}

/** The status with which a request to become a WebSocket is answered; 101 when it becomes one. */
async function upgrade(
  t: TestContext,
  options: Upgrade,
): Promise<{ status: number; body: string }> {
  const { port, path = '/ws', method = 'GET', from = '127.0.0.1' } = options;
  const all: Record<string, string | undefined> = {
    ...handshakeHeaders(port),
    ...options.headers,
  };
  const headers = Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const sent = request({ host: '127.0.0.1', port, path, method, headers, localAddress: from });
  t.after(() => sent.destroy());
  sent.on('error', () => {});
  const upgraded = once(sent, 'upgrade').then(([, socket]) => {
    (socket as IncomingMessage['socket']).destroy();
    return { status: 101, body: '' };
  });
  const refused = once(sent, 'response').then(async ([answer]) => {
    const response = answer as IncomingMessage;
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() };
  });
  sent.end();
  // Only one of the two events ever comes.
  return await Promise.race([upgraded, refused]);
}

test('a socket is opened to a page of this server with a cookie, and to nobody else', async (t) => {
  const { port } = await startTestServer(t);
  const matrix: readonly [what: string, options: Omit<Upgrade, 'port'>, status: number][] = [
    ['as it should be', {}, 101],
    ['with a question', { path: '/ws?x=1' }, 101],
    ['elsewhere', { path: '/' }, 404],
    ['elsewhere', { path: '/ws/' }, 404],
    ['elsewhere', { path: '/wss' }, 404],
    ['no cookie', { headers: { Cookie: undefined } }, 401],
    ['another cookie', { headers: { Cookie: 'a=b' } }, 401],
    ['a short cookie', { headers: { Cookie: '__Host-farandole=a' } }, 401],
    ['two cookies', { headers: { Cookie: `${MADE_UP_COOKIE}; ${MADE_UP_COOKIE}` } }, 401],
    ['no key', { headers: { 'Sec-WebSocket-Key': undefined } }, 400],
    ['an old version', { headers: { 'Sec-WebSocket-Version': '7' } }, 400],
    ['a POST', { method: 'POST' }, 405],
  ];
  for (const [what, options, status] of matrix) {
    const answer = await upgrade(t, { port, ...options });
    assert.equal(answer.status, status, `${what}: ${answer.body}`);
  }
});

test('a socket offers no compression and no subprotocol, whatever the client asks for', async (t) => {
  const { port } = await startTestServer(t);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, ['farandole', 'chat'], {
    origin: `http://localhost:${port}`,
    headers: { Cookie: MADE_UP_COOKIE },
    perMessageDeflate: true,
  });
  t.after(() => socket.terminate());
  // A browser ends a connection that chose none of its subprotocols; so does this client.
  const [error] = (await once(socket, 'error')) as [Error];
  assert.match(error.message, /no subprotocol/i);
  const plain = new WebSocket(`ws://127.0.0.1:${port}/ws`, {
    origin: `http://localhost:${port}`,
    headers: { Cookie: MADE_UP_COOKIE },
    perMessageDeflate: true,
  });
  t.after(() => plain.terminate());
  await once(plain, 'open');
  assert.equal(plain.extensions, '');
});

test('a network opens as many sockets as it may, and one more is told to wait in our words', async (t) => {
  const { port } = await startTestServer(t, {
    env: { FARANDOLE_CONNECTIONS_PER_NETWORK_MAX: '3' },
  });
  const pages: TestPage[] = [];
  for (const from of ['127.0.0.1', '127.0.0.2', '127.0.0.3']) {
    const page = new TestPage(t, port, { from });
    await page.start();
    pages.push(page);
  }
  // The burst of new sockets is spent too: the next is refused before it becomes one.
  const next = new TestPage(t, port, { from: '127.0.0.4' });
  await next.getTicket();
  const headers = { Cookie: next.cookie };
  assert.equal((await upgrade(t, { port, headers, from: '127.0.0.4' })).status, 429);
  // Its neighbour has a burst and sockets of its own.
  await new TestPage(t, port, { from: '127.0.1.1' }).start();
});

test('a whole server opens as many sockets as it may, and one more is told to wait in our words', async (t) => {
  const { port } = await startTestServer(t, { env: { FARANDOLE_CONNECTIONS_MAX: '2' } });
  const first = new TestPage(t, port);
  await first.start();
  await new TestPage(t, port).start();
  const third = new TestPage(t, port);
  await third.getTicket();
  await assert.rejects(third.open(), /closed while waiting/);
  assert.deepEqual(third.closed, { code: 4432, reason: 'too-many' });
  first.socket.close(1000);
  await first.untilClosed();
  await new TestPage(t, port).start();
});

test('a forwarding header that nobody vouches for changes nothing, and is said once', async (t) => {
  const { port, events } = await startTestServer(t);
  const headers = { 'X-Forwarded-For': '198.51.100.1' };
  for (let i = 0; i < 3; i++) {
    assert.equal((await upgrade(t, { port, headers })).status, 101);
    assert.equal((await ask({ port, headers })).status, 200);
  }
  assert.equal(events.filter(({ event }) => event === 'proxy-not-listed').length, 1);
});

test('bytes that come right behind an upgrade are read as frames, and garbage is closed', async (t) => {
  const { port } = await startTestServer(t);
  const text = handshakeText(handshakeHeaders(port));
  const garbage = '\xff\xff\xff\xff';
  assert.match(await askRaw(port, text + garbage), /^HTTP\/1\.1 101 /);
  assert.equal((await ask({ port })).status, 200);
});
