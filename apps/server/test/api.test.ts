import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { type Ask, ask, askRaw, type HttpReply } from '@farandole/e2e/http';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import type { IceServersReply, SessionTicketReply } from '@farandole/protocol/http-api';
import { SESSION_TICKET_LIFETIME_MS } from '@farandole/protocol/limits';
import { SHIELD_DEFAULTS } from '@farandole/protocol/shield-rules';
import { budgetRows, requestUs } from '../src/budgets.ts';
import { readCookie } from '../src/http/cookie.ts';
import { BODY_BYTES_MAX } from '../src/limits.ts';
import { handshakeHeaders } from './support/handshake.ts';
import { TestPage } from './support/test-page.ts';
import { startTestServer } from './support/test-server.ts';

const TICKET = '/api/session-ticket';
const ICE = '/api/ice-servers';
/** These tests send requests for tickets without proofs of work. */
const NO_PROOFS = { FARANDOLE_PROOF_MS: '0' };

async function post(port: number, path: string, changes: Partial<Ask> = {}): Promise<HttpReply> {
  return await ask({
    method: 'POST',
    port,
    path,
    body: '{}',
    ...changes,
    headers: {
      Origin: `http://localhost:${port}`,
      'Content-Type': 'application/json',
      ...changes.headers,
    },
  });
}

const errorOf = (answer: HttpReply): unknown => (answer.json() as { error: unknown }).error;

test("[PR-80] returns facts about the server with a ticket; sets new visitors' cookies", async (t) => {
  const { port } = await startTestServer(t, { env: NO_PROOFS });
  const first = await post(port, TICKET);
  assert.equal(first.status, 200);
  assert.equal(first.headers['cache-control'], 'no-store');
  const reply = first.json() as SessionTicketReply;
  assert.equal(reply.ticketExpiresInMs, SESSION_TICKET_LIFETIME_MS);
  assert.deepEqual(reply.server, {
    relay: 'direct',
    hasTurn: false,
    relayKbpsMax: null,
    ageRequired: 'declared',
    policyVersion: 1,
    sourceUrl: null,
    operator: { name: null, contact: null },
    helpLines: { anybody: null, children: null },
    shield: SHIELD_DEFAULTS,
    pictures: false,
    desk: { halfWithinHours: null, overturnedPercent: null },
    houseRules: null,
    busiest: null,
    pushKey: null,
    hours: null,
  });
  const [set = '', ...others] = first.headers['set-cookie'] ?? [];
  assert.deepEqual(others, []);
  assert.match(
    set,
    /^__Host-farandole=[A-Za-z0-9_-]{43}; Path=\/; Max-Age=7776000; HttpOnly; Secure; SameSite=Strict$/,
  );
  const again = await post(port, TICKET, { headers: { Cookie: set.split(';')[0] ?? '' } });
  assert.equal(again.status, 200);
  assert.equal(again.headers['set-cookie'], undefined);
  assert.notEqual((again.json() as SessionTicketReply).ticket, reply.ticket);
});

test('[PR-80] ignores malformed and duplicate cookies', async (t) => {
  const { port } = await startTestServer(t, { env: NO_PROOFS });
  const good = `__Host-farandole=${'a'.repeat(43)}`;
  for (const cookie of [
    'farandole=x',
    '__Host-farandole=',
    `__Host-farandole=${'a'.repeat(42)}`,
    `__Host-farandole=${'a'.repeat(44)}`,
    `__Host-farandole="${'a'.repeat(43)}"`,
    `__Host-farandole=${'a'.repeat(42)}!`,
    `__host-farandole=${'a'.repeat(43)}`,
    `x${good}`,
    // A neighbouring host can set cookies with these names, because browsers don't recognize the
    // `__Host-` prefix in them.
    `\u00a0${good}`,
    `__Host-farandole\u00a0=${'a'.repeat(43)}`,
    `${good}; ${good}`,
  ]) {
    const answer = await post(port, TICKET, { headers: { Cookie: cookie } });
    assert.equal(answer.headers['set-cookie']?.length, 1, cookie);
  }
  assert.equal(readCookie(`other=1; ${good} ; more=2`), 'a'.repeat(43));
  assert.equal(readCookie(undefined), null);
});

test("[PR-80] accepts requests only from the server's own origins", async (t) => {
  const { port, events } = await startTestServer(t, {
    env: { ...NO_PROOFS, FARANDOLE_ORIGINS: 'http://localhost:8080,https://meet.example.org' },
  });
  const headers = { Host: 'localhost:8080' };
  for (const Origin of ['http://localhost:8080', 'https://meet.example.org']) {
    const answer = await post(port, TICKET, { headers: { ...headers, Origin } });
    assert.equal(answer.status, 200, Origin);
  }
  assert.deepEqual(
    events.filter(({ event }) => event === 'origin-not-listed'),
    [],
  );
  const socket = { ...handshakeHeaders(8080), ...headers };
  for (const Origin of FOREIGN_ORIGINS) {
    for (const path of [TICKET, ICE, '/api/nothing', '/ws']) {
      const answer =
        path === '/ws'
          ? await ask({ port, path, headers: { ...socket, Origin } })
          : await post(port, path, { headers: { ...headers, Origin } });
      assert.equal(answer.status, 403, `${Origin} at ${path}`);
      assert.equal(errorOf(answer), 'origin-refused');
      assert.equal(answer.headers['set-cookie'], undefined);
      assert.equal(answer.headers['access-control-allow-origin'], undefined);
    }
  }
  const none = await ask({ method: 'POST', port, path: TICKET, headers, body: '{}' });
  assert.equal(none.status, 403);
  const two = ['http://localhost:8080', 'http://evil.example'];
  for (const origins of [two, two.toReversed(), [two[0], two[0]]]) {
    const lines = origins.map((origin) => `Origin: ${origin}\r\n`).join('');
    const answer = await askRaw(
      port,
      `POST ${TICKET} HTTP/1.1\r\nHost: localhost:8080\r\n${lines}` +
        'Content-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}',
    );
    assert.match(answer, /^HTTP\/1\.1 403 /, lines);
  }
  assert.equal(events.filter(({ event }) => event === 'origin-not-listed').length, 1);
});

const FOREIGN_ORIGINS = [
  '',
  'null',
  '*',
  'http://evil.example',
  // These differ from the server's own origins in scheme, port or spelling.
  'https://localhost:8080',
  'ws://localhost:8080',
  'HTTPS://meet.example.org',
  'http://meet.example.org',
  'https://meet.example.org:443',
  'http://localhost',
  'http://localhost:8081',
  'http://localhost:08080',
  'http://LOCALHOST:8080',
  'http://localhost.:8080',
  'http://localhost:8080/',
  'http://localhost:8080?',
  'http://localhost:8080#',
  'http://127.0.0.1:8080',
  'http://127.1:8080',
  'http://2130706433:8080',
  'http://[::1]:8080',
  'http://0.0.0.0:8080',
  // These foreign origins contain the text of one of the server's own origins.
  'https://sub.meet.example.org',
  'https://meet.example.org.evil.example',
  'http://notlocalhost:8080',
  'http://localhost:8080@evil.example',
  'http://user@localhost:8080',
  'https://evil.example/https://meet.example.org',
  'http://evil.example?http://localhost:8080',
  'http://evil.example#http://localhost:8080',
  'http://localhost%3A8080',
  'http://xn--lcalhost-54a:8080',
  // These headers list several origins, which browsers never send.
  'http://localhost:8080, http://evil.example',
  'http://evil.example, http://localhost:8080',
  'http://localhost:8080 http://evil.example',
  'file://',
  'about:blank',
  'data:text/html,x',
  'chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
];

test('refuses a request with an invalid body and names the reason', async (t) => {
  const { port } = await startTestServer(t, { env: NO_PROOFS });
  const json = { 'Content-Type': 'application/json' };
  const padded = (bytes: number): string => `{${' '.repeat(bytes - 2)}}`;
  const matrix: readonly [what: string, changes: Partial<Ask>, status: number, error: string][] = [
    ['text', { headers: { 'Content-Type': 'text/plain' } }, 415, 'not-json'],
    [
      'a form',
      { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
      415,
      'not-json',
    ],
    ['no type', { headers: { 'Content-Type': '' } }, 415, 'not-json'],
    ['empty', { body: '' }, 400, 'bad-request'],
    ['no JSON', { body: '{' }, 400, 'bad-request'],
    ['a list', { body: '[]' }, 400, 'bad-request'],
    ['null', { body: 'null' }, 400, 'bad-request'],
    ['a key', { body: '{"a":1}' }, 400, 'bad-request'],
    ['no UTF-8', { body: Buffer.from([0x7b, 0xff, 0x7d]) }, 400, 'bad-request'],
    ['one over', { body: padded(BODY_BYTES_MAX + 1) }, 413, 'too-large'],
    ['deep', { body: '['.repeat(BODY_BYTES_MAX) }, 400, 'bad-request'],
    [
      'in chunks, one over',
      {
        body: padded(BODY_BYTES_MAX + 1),
        headers: { ...json, 'Transfer-Encoding': 'chunked' },
      },
      413,
      'too-large',
    ],
  ];
  for (const [what, changes, status, error] of matrix) {
    const answer = await post(port, TICKET, changes);
    assert.equal(answer.status, status, what);
    assert.equal(errorOf(answer), error, what);
    assert.equal(answer.headers['content-type'], 'application/problem+json');
  }
  assert.equal((await post(port, TICKET, { body: padded(BODY_BYTES_MAX) })).status, 200);
  const charset = { 'Content-Type': 'Application/JSON; charset=utf-8' };
  assert.equal((await post(port, TICKET, { headers: charset })).status, 200);
});

test('refuses a too large body as soon as Content-Length announces it', async (t) => {
  const { port } = await startTestServer(t, { env: NO_PROOFS });
  const answer = await askRaw(
    port,
    `POST ${TICKET} HTTP/1.1\r\nHost: localhost:${port}\r\nOrigin: http://localhost:${port}\r\n` +
      'Content-Type: application/json\r\nContent-Length: 1000000000\r\nConnection: close\r\n\r\n{',
  );
  assert.match(answer, /^HTTP\/1\.1 413 /);
});

test('names the allowed method when it refuses another method', async (t) => {
  const { port } = await startTestServer(t, { env: NO_PROOFS });
  for (const [method, path, allow] of [
    ['GET', TICKET, 'POST'],
    ['PUT', TICKET, 'POST'],
    ['DELETE', ICE, 'POST'],
    ['OPTIONS', TICKET, 'POST'],
    ['POST', '/', 'GET, HEAD'],
    ['DELETE', '/assets/main-abc123.js', 'GET, HEAD'],
    ['PUT', '/readyz', 'GET, HEAD'],
  ] as const) {
    const answer = await ask({ method, port, path });
    assert.equal(answer.status, 405, `${method} ${path}`);
    assert.equal(answer.headers['allow'], allow);
    assert.equal(errorOf(answer), 'method-not-allowed');
  }
});

test('[PR-81] returns TURN credentials with the session and later for its receipt', async (t) => {
  const { port } = await startTestServer(t, {
    env: {
      ...NO_PROOFS,
      FARANDOLE_TURN_URLS: 'turn:203.0.113.7:3478?transport=udp',
      FARANDOLE_TURN_SECRET: 'the-secret-of-this-test',
    },
  });
  const page = new TestPage(t, port);
  const reply = await page.getTicket();
  assert.deepEqual(Object.keys(reply), ['ticket', 'ticketExpiresInMs', 'server']);
  const { receipt, ice } = await page.start();
  const answer = await post(port, ICE, { body: JSON.stringify({ receipt }) });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['cache-control'], 'no-store');
  const { iceServers, expiresInMs } = answer.json() as IceServersReply;
  assert.equal(expiresInMs, 600_000);
  const relay = iceServers.find(({ username }) => username !== undefined);
  const [expiry, user = ''] = relay?.username?.split(':') ?? [];
  const [, first] = ice.iceServers.at(-1)?.username?.split(':') ?? [];
  assert.equal(user, first);
  const lifetimeS = Number(expiry) - Date.now() / 1_000;
  assert.ok(lifetimeS > 0 && lifetimeS <= 600, `${lifetimeS} s`);
  const password = createHmac('sha1', 'the-secret-of-this-test').update(relay?.username ?? '');
  assert.equal(relay?.credential, password.digest('base64'));
});

test('[PR-81] returns credentials only for a session receipt', async (t) => {
  const { port } = await startTestServer(t, { env: NO_PROOFS });
  const page = new TestPage(t, port);
  const { ticket } = await page.getTicket();
  const { receipt, secret } = await page.start();
  for (const [body, status] of [
    [{}, 400],
    [{ receipt: 1 }, 400],
    [{ receipt, more: 1 }, 400],
    [{ receipt: '' }, 403],
    [{ receipt: 'nonsense' }, 403],
    [{ receipt: 'a'.repeat(2_000) }, 403],
    [{ receipt: ticket }, 403],
    [{ receipt: secret }, 403],
    [{ receipt: `${receipt}A` }, 403],
  ] as const) {
    const answer = await post(port, ICE, { body: JSON.stringify(body) });
    assert.equal(answer.status, status, JSON.stringify(body).slice(0, 60));
  }
  assert.equal((await post(port, ICE, { body: JSON.stringify({ receipt }) })).status, 200);
});

test('rate-limits one network without affecting a neighbouring network', async (t) => {
  const { port, metricsPort } = await startTestServer(t, {
    env: { ...NO_PROOFS, FARANDOLE_CONNECTIONS_PER_NETWORK_MAX: '2', FARANDOLE_METRICS_PORT: '0' },
    clock: new SimClock(),
  });
  const { requests } = budgetRows({ connectionsMax: 20_000, connectionsPerNetworkMax: 2 });
  for (let i = 0; i < requests.networkMax / requestUs(TICKET); i++) {
    assert.equal((await post(port, TICKET)).status, 200, `request ${i}`);
  }
  const refused = await post(port, TICKET);
  assert.equal(refused.status, 429);
  const seconds = Number(refused.headers['retry-after']);
  assert.ok(seconds >= 1 && seconds <= 60, `${seconds} s`);
  // Addresses of one /24 network share the rate limit.
  assert.equal((await post(port, ICE, { from: '127.0.0.9' })).status, 429);
  assert.equal((await post(port, TICKET, { from: '127.0.1.1' })).status, 200);
  const metrics = await ask({ port: metricsPort ?? 0, path: '/metrics' });
  assert.match(metrics.text(), /^farandole_budget_refusals_total\{budget="requests"\} 2$/m);
  // The rate limit doesn't apply to static pages.
  assert.equal((await ask({ port })).status, 200);
});
