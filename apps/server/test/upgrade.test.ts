import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { type TestContext, test } from 'node:test';
import { ask, askRaw } from '@farandole/e2e/http';
import { WebSocket } from 'ws';
import {
  admittedHeaders,
  handshakeText,
  MADE_UP_COOKIE,
  madeUpTicket,
} from './support/handshake.ts';
import { TestPage } from './support/test-page.ts';
import { startTestServer } from './support/test-server.ts';

/** More upgrades than a network with three connections may do at once. */
const UPGRADES_TRIED = 4;

interface Upgrade {
  readonly port: number;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly from?: string;
  /** Headers with a session ticket. By default, a ticket is requested first. */
  readonly admitted?: Readonly<Record<string, string>>;
}

async function upgrade(
  t: TestContext,
  options: Upgrade,
): Promise<{ status: number; body: string }> {
  const { port, path = '/ws', method = 'GET', from = '127.0.0.1' } = options;
  const all: Record<string, string | undefined> = {
    ...(options.admitted ?? (await admittedHeaders(port, from))),
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
  return await Promise.race([upgraded, refused]);
}

test("accepts WebSockets only from the server's own pages and with a cookie", async (t) => {
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

test('selects the subprotocol farandole and no compression', async (t) => {
  const { port } = await startTestServer(t);
  const offered = ['farandole', await madeUpTicket(port)];
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, offered, {
    origin: `http://localhost:${port}`,
    headers: { Cookie: MADE_UP_COOKIE },
    perMessageDeflate: true,
  });
  t.after(() => socket.terminate());
  await once(socket, 'open');
  assert.equal(socket.protocol, 'farandole');
  assert.equal(socket.extensions, '');
});

test("closes sockets above a network's limit with a reason", async (t) => {
  const { port } = await startTestServer(t, {
    env: { FARANDOLE_CONNECTIONS_PER_NETWORK_MAX: '3', FARANDOLE_PROOF_MS: '0' },
  });
  const pages: TestPage[] = [];
  for (const from of ['127.0.0.1', '127.0.0.2', '127.0.0.3']) {
    const page = new TestPage(t, port, { from });
    await page.start();
    pages.push(page);
  }
  // The burst of upgrades is used up too, so the server refuses the next client before the
  // upgrade. On a slow machine, the burst has returned by now.
  const from = '127.0.0.4';
  const tickets: Readonly<Record<string, string>>[] = [];
  while (tickets.length < UPGRADES_TRIED) tickets.push(await admittedHeaders(port, from));
  const statuses: number[] = [];
  for (const admitted of tickets) {
    statuses.push((await upgrade(t, { port, from, admitted })).status);
  }
  assert.equal(statuses.at(-1), 429);
  // A neighbouring network has its own limits.
  await new TestPage(t, port, { from: '127.0.1.1' }).start();
});

test("ignores an unlisted peer's forwarding header and logs it once", async (t) => {
  const { port, events } = await startTestServer(t);
  const headers = { 'X-Forwarded-For': '198.51.100.1' };
  for (let i = 0; i < 3; i++) {
    assert.equal((await upgrade(t, { port, headers })).status, 101);
    assert.equal((await ask({ port, headers })).status, 200);
  }
  assert.equal(events.filter(({ event }) => event === 'proxy-not-listed').length, 1);
});

test('reads frames sent with the upgrade request and closes on invalid bytes', async (t) => {
  const { port } = await startTestServer(t);
  const text = handshakeText(await admittedHeaders(port));
  const garbage = '\xff\xff\xff\xff';
  assert.match(await askRaw(port, text + garbage), /^HTTP\/1\.1 101 /);
  assert.equal((await ask({ port })).status, 200);
});
