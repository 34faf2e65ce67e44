import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  SESSION_TICKET_PATH,
  type SessionTicketReply,
  SOCKET_PATH,
  SUBPROTOCOL,
} from '@farandole/protocol/http-api';
import { decodeServerMessage } from '@farandole/protocol/server-codec';
import { WebSocket } from 'ws';
import { type Ask, ask, askPlainly, type HttpReply, type Site, startSite } from './support/site.ts';
import { INDEX_HTML } from './support/test-server.ts';

async function getCookie(site: Site, from = '127.0.0.1'): Promise<string> {
  const answer = await askForTicket(site, { from });
  assert.equal(answer.status, 200, answer.text());
  const [set = ''] = answer.headers['set-cookie'] ?? [];
  return set.split(';')[0] ?? '';
}

async function askForTicket(site: Site, options: Ask = {}): Promise<HttpReply> {
  return await ask(site, {
    method: 'POST',
    path: SESSION_TICKET_PATH,
    body: '{}',
    ...options,
    headers: { Origin: site.origin, 'Content-Type': 'application/json', ...options.headers },
  });
}

interface Visit {
  readonly from?: string;
  readonly origin?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function connect(
  t: TestContext,
  site: Site,
  cookie: string,
  visit: Visit = {},
): Promise<WebSocket> {
  const from = visit.from ?? '127.0.0.1';
  const answer = await askForTicket(site, { from, headers: { Cookie: cookie } });
  const { ticket } = answer.json() as SessionTicketReply;
  const address = `wss://localhost:${site.httpsPort}${SOCKET_PATH}`;
  const socket = new WebSocket(address, [SUBPROTOCOL, ticket], {
    origin: visit.origin ?? site.origin,
    localAddress: from,
    // The host name must resolve to an IPv4 address, because the source address of the connection
    // is IPv4.
    family: 4,
    ca: site.certificate,
    headers: { Cookie: cookie, ...visit.headers },
  });
  t.after(() => socket.terminate());
  return socket;
}

async function firstWord(socket: WebSocket): Promise<string | number> {
  return await new Promise((resolve, reject) => {
    socket.on('message', (data: Buffer) => {
      resolve(decodeServerMessage(data.toString('utf8'))?.type ?? 'nothing known');
    });
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.on('close', (code) => reject(new Error(`closed with ${code}`)));
    socket.on('error', reject);
  });
}

test('serves the page over TLS and sets a protected cookie behind Caddy', async (t) => {
  const site = await startSite(t);
  const page = await ask(site);
  assert.equal(page.status, 200);
  assert.equal(page.text(), INDEX_HTML);
  assert.equal(page.headers['strict-transport-security'], 'max-age=63072000');
  assert.match(String(page.headers['content-security-policy']), /^default-src 'none'/);

  const ticket = await askForTicket(site);
  assert.equal(ticket.status, 200, ticket.text());
  const [cookie = '', ...others] = ticket.headers['set-cookie'] ?? [];
  assert.deepEqual(others, []);
  const [pair = '', ...attributes] = cookie.split('; ');
  assert.match(pair, /^__Host-farandole=[A-Za-z0-9_-]{43}$/);
  for (const needed of ['Secure', 'HttpOnly', 'Path=/', 'SameSite=Strict']) {
    assert.ok(attributes.includes(needed), `${cookie} lacks ${needed}`);
  }
  assert.ok(!attributes.some((attribute) => attribute.startsWith('Domain')));
});

test('redirects http:// to https://', async (t) => {
  const site = await startSite(t);
  const answer = await askPlainly(site, '/some/where');
  assert.equal(answer.status, 308);
  // Caddy redirects to the default HTTPS port, although this test uses another.
  assert.equal(answer.headers.location, 'https://localhost/some/where');
});

test("Caddy forwards WebSockets only from pages of the site's origin", async (t) => {
  const site = await startSite(t);
  const cookie = await getCookie(site);
  assert.equal(await firstWord(await connect(t, site, cookie)), 'session.challenge');
  for (const origin of [
    'https://localhost',
    `http://localhost:${site.httpsPort}`,
    'https://evil.example',
    'null',
  ]) {
    assert.equal(await firstWord(await connect(t, site, cookie, { origin })), 403, origin);
  }
  assert.equal(await firstWord(await connect(t, site, '')), 401);
});

test('distinguishes users by address and ignores forged headers behind Caddy', async (t) => {
  const site = await startSite(t, { FARANDOLE_CONNECTIONS_PER_NETWORK_MAX: '1' });
  const here = '127.7.1.1';
  const elsewhere = '127.7.2.1';
  const cookie = await getCookie(site, here);
  assert.equal(
    await firstWord(await connect(t, site, cookie, { from: here })),
    'session.challenge',
  );
  const forged = {
    'X-Forwarded-For': '198.51.100.7',
    Forwarded: 'for=198.51.100.7',
    'X-Real-IP': '198.51.100.7',
  };
  assert.equal(
    await firstWord(await connect(t, site, cookie, { from: here, headers: forged })),
    429,
    'the network of the first is full, whatever a header says',
  );
  assert.equal(
    await firstWord(await connect(t, site, cookie, { from: elsewhere })),
    'session.challenge',
    'and another network is not',
  );
});
