import assert from 'node:assert/strict';
import { type IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'node:test';
import { ICE_SERVERS_PATH, SESSION_TICKET_PATH } from '@farandole/protocol/http-api';
import { SHIELD_DEFAULTS } from '@farandole/protocol/shield-rules';
import { Hono } from 'hono';
import { createApp } from '../src/http/app.ts';
import { createCookie } from '../src/http/cookie.ts';
import { NodeSigner } from '../src/keys/signer.ts';
import { Site } from '../src/net/site.ts';
import { systemClock } from '../src/node/system-clock.ts';
import type { LogEvent } from '../src/observe/log.ts';
import { ask, askRaw } from './support/http.ts';
import { SignInSite } from './support/sign-in-site.ts';
import { startTestServer } from './support/test-server.ts';

const PATHS = ['/', '/assets/main-abc123.js', '/favicon.svg', '/livez', '/nothing', '/api/nothing'];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];

test('every answer with a body says what it is, and a text says in which encoding', async (t) => {
  const { port } = await startTestServer(t);
  let bodies = 0;
  for (const path of [...PATHS, SESSION_TICKET_PATH, ICE_SERVERS_PATH]) {
    for (const method of METHODS) {
      for (const Accept of ['text/html', '*/*']) {
        const { headers, body, text } = await ask({ method, port, path, headers: { Accept } });
        if (body.length === 0) continue;
        bodies += 1;
        const type = String(headers['content-type']);
        // JSON is UTF-8 by itself (RFC 8259, section 8.1), and takes no such parameter.
        assert.match(
          type,
          /^(?:[a-z]+\/[a-z+]+; charset=utf-8|application\/problem\+json)$/i,
          path,
        );
        if (type.includes('json')) assert.equal(typeof JSON.parse(text()), 'object');
        else assert.doesNotMatch(text(), /^\{/);
      }
    }
  }
  assert.ok(bodies > 50);
});

test('nothing is shared with a page of another origin, whatever it asks for beforehand', async (t) => {
  const { port } = await startTestServer(t);
  for (const path of [...PATHS, SESSION_TICKET_PATH, ICE_SERVERS_PATH]) {
    for (const method of ['OPTIONS', 'GET', 'POST']) {
      const { headers } = await ask({
        method,
        port,
        path,
        headers: {
          Origin: 'https://evil.example',
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'content-type',
        },
      });
      const shared = Object.keys(headers).filter((name) => name.startsWith('access-control-'));
      assert.deepEqual(shared, [], `${method} ${path}`);
    }
  }
});

test('TRACE and CONNECT are not spoken, and echo nothing', async (t) => {
  const { port } = await startTestServer(t);
  for (const path of PATHS) {
    const traced = await askRaw(
      port,
      `TRACE ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nCookie: a-cookie-of-somebody\r\nConnection: close\r\n\r\n`,
    );
    assert.match(traced, /^HTTP\/1\.1 (?:400|404|405) /, path);
    assert.doesNotMatch(traced, /a-cookie-of-somebody/);
  }
  const connected = await askRaw(
    port,
    `CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`,
  );
  assert.doesNotMatch(connected, /^HTTP\/1\.1 2/);
  assert.equal((await ask({ port })).status, 200);
});

test('an address that is sent back in a redirect cannot begin a header or another address', async (t) => {
  const { port, url } = await startTestServer(t);
  for (const path of [
    '/%0d%0aSet-Cookie:%20a=b',
    '/x?%0d%0aSet-Cookie:%20a=b',
    '//evil.example',
    '/@evil.example',
    '/.evil.example',
    '/"><script>alert(1)</script>',
  ]) {
    const { status, headers } = await ask({
      port,
      path,
      headers: { Host: `127.0.0.1:${port}` },
    });
    assert.equal(status, 307, path);
    assert.equal(headers['set-cookie'], undefined);
    const location = String(headers.location);
    assert.ok(location.startsWith(`${url}/`), location);
    assert.equal(new URL(location).origin, url);
    assert.doesNotMatch(location, /[\r\n"<>]/);
  }
  // A browser would take the backslash for a second slash, and so for the name of a host.
  assert.equal((await ask({ port, path: '/\\evil.example' })).status, 400);
});

test('no answer says of what the server is made', async (t) => {
  const { port } = await startTestServer(t, { env: { FARANDOLE_METRICS_PORT: '0' } });
  for (const path of PATHS) {
    const { headers, text } = await ask({ port, path });
    for (const name of ['server', 'x-powered-by', 'via', 'x-runtime', 'x-version']) {
      assert.equal(headers[name], undefined, `${name} of ${path}`);
    }
    assert.doesNotMatch(text(), /node_modules|hono|at .*\.ts:\d/i);
  }
});

test('what fails inside is told in general words, and its details stay inside', async () => {
  const events: LogEvent[] = [];
  const app = createApp({
    site: () => new Site(['http://localhost']),
    pages: () => {
      throw new TypeError('the secret is 12345');
    },
    store: { run: async () => assert.fail('nothing of this asks the store') },
    signer: new NodeSigner(() => ({ subject: Buffer.alloc(32), generations: [] })),
    onTicket: () => {},
    onErased: () => {},
    ownLines: () => assert.fail('nothing of this asks for anybody’s data'),
    networkSanctionOf: () => null,
    clock: systemClock,
    machineMs: () => systemClock.wallMs(),
    log: (event) => void events.push(event),
    trustedProxies: [],
    connectionsPerNetworkMax: 1,
    facts: () => ({
      relay: 'direct',
      hasTurn: false,
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
    }),
    ice: { relay: 'direct', turnUrls: [], turnSecret: null },
    pictures: null,
    whenTaken: async () => {},
    signIn: new SignInSite().api,
    console: new Hono(),
    isDraining: () => false,
    isStoreFailing: () => false,
    onUnlisted: () => {},
  });
  const incoming = {
    rawHeaders: ['Host', 'localhost'],
    headers: { host: 'localhost' },
    url: '/',
    socket: { remoteAddress: '127.0.0.1' },
    destroyed: false,
    errored: null,
  } as IncomingMessage;
  const outgoing = new ServerResponse(incoming);
  const answer = await app.request('http://localhost/', {}, { incoming, outgoing });
  assert.equal(answer.status, 500);
  const text = await answer.text();
  assert.deepEqual(JSON.parse(text), {
    error: 'server-error',
    detail: 'Something went wrong on this server. Please try again.',
  });
  assert.equal(outgoing.getHeader('x-content-type-options'), 'nosniff');
  const [event] = events;
  assert.ok(event?.event === 'request-failed');
  assert.equal(event.error, 'TypeError');
  assert.ok(event.frames.length > 0, 'whoever mends it needs the place');
  assert.doesNotMatch(`${text}${JSON.stringify(event)}`, /12345/);
  assert.deepEqual(events.at(-1), { event: 'request-refused', status: 500 });
});

test('each refusal is counted by its status, whoever refuses, and logged without who asked', async (t) => {
  const server = await startTestServer(t, { env: { FARANDOLE_METRICS_PORT: '0' } });
  const { port, metricsPort, events } = server;
  const host = `Host: localhost:${port}`;
  const upgrade = `${host}\r\nConnection: Upgrade\r\nUpgrade: websocket`;
  const expected: readonly [status: number, times: number][] = [
    [400, 3],
    [401, 1],
    [403, 3],
    [404, 1],
    [405, 2],
    [417, 1],
    [421, 1],
  ];
  const good = `${upgrade}\r\nOrigin: http://localhost:${port}\r\nCookie: __Host-farandole=${'a'.repeat(43)}`;
  for (const text of [
    'nonsense\r\n\r\n',
    `GET \\ HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`,
    `GET /ws HTTP/1.1\r\n${good}\r\n\r\n`,
    `GET /ws HTTP/1.1\r\n${upgrade}\r\n\r\n`,
    `GET /ws HTTP/1.1\r\n${upgrade}\r\nOrigin: http://localhost:${port}\r\n\r\n`,
    `POST /ws HTTP/1.1\r\n${good}\r\nContent-Length: 0\r\n\r\n`,
    `GET / HTTP/1.1\r\n${host}\r\nExpect: more\r\n\r\n`,
  ]) {
    assert.match(await askRaw(port, text), /^HTTP\/1\.1 4/, text);
  }
  for (const [method, path, Host] of [
    ['POST', SESSION_TICKET_PATH, `localhost:${port}`],
    ['POST', ICE_SERVERS_PATH, `localhost:${port}`],
    ['GET', '/nothing', `localhost:${port}`],
    ['PUT', '/', `localhost:${port}`],
    ['GET', '/', 'evil.example'],
  ] as const) {
    await ask({ port, method, path, headers: { Host } });
  }
  const { text } = await ask({ port: metricsPort ?? 0, path: '/metrics' });
  for (const [status, times] of expected) {
    const line = `farandole_http_refusals_total{status="${status}"} ${times}\n`;
    assert.ok(text().includes(line), line);
  }
  const logged = events.filter(({ event }) => event === 'request-refused');
  assert.equal(
    logged.length,
    expected.reduce((sum, [, times]) => sum + times, 0),
  );
  for (const event of logged) assert.deepEqual(Object.keys(event), ['event', 'status']);
});

test('cookies are 256 bits of chance, and never the same', () => {
  const cookies = Array.from({ length: 10_000 }, createCookie);
  assert.equal(new Set(cookies).size, cookies.length);
  for (const cookie of cookies) assert.equal(Buffer.from(cookie, 'base64url').length, 32);
  // Every bit is sometimes set and sometimes not.
  const ones = Buffer.alloc(32);
  const zeros = Buffer.alloc(32);
  for (const cookie of cookies) {
    for (const [index, byte] of Buffer.from(cookie, 'base64url').entries()) {
      ones[index] = (ones[index] ?? 0) | byte;
      zeros[index] = (zeros[index] ?? 0) | (byte ^ 0xff);
    }
  }
  assert.ok([...ones, ...zeros].every((byte) => byte === 0xff));
});
