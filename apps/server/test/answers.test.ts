import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ask, askRaw } from '@farandole/e2e/http';
import {
  ICE_SERVERS_PATH,
  OWN_WARNING_PATH,
  SESSION_TICKET_PATH,
} from '@farandole/protocol/http-api';
import { createCookie } from '../src/http/cookie.ts';
import { STORE_FILE } from '../src/store/open-store.ts';
import { startTestServer } from './support/test-server.ts';

const PATHS = ['/', '/assets/main-abc123.js', '/favicon.svg', '/livez', '/nothing', '/api/nothing'];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];

test('sends a media type with each response body, a charset with text', async (t) => {
  const { port } = await startTestServer(t);
  let bodies = 0;
  for (const path of [...PATHS, SESSION_TICKET_PATH, ICE_SERVERS_PATH]) {
    for (const method of METHODS) {
      for (const Accept of ['text/html', '*/*']) {
        const { headers, body, text } = await ask({ method, port, path, headers: { Accept } });
        if (body.length === 0) continue;
        bodies += 1;
        const type = String(headers['content-type']);
        // JSON is always UTF-8 (RFC 8259, section 8.1), and its media type has no charset
        // parameter.
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

test('allows no cross-origin access, whatever a preflight request asks for', async (t) => {
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

test('redirects without letting the path add a header or change the host', async (t) => {
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
  // Browsers read `\` as `/`, so a path that begins with `/\` would name another host.
  assert.equal((await ask({ port, path: '/\\evil.example' })).status, 400);
});

test('discloses no server software in any response', async (t) => {
  const { port } = await startTestServer(t, { env: { FARANDOLE_METRICS_PORT: '0' } });
  for (const path of PATHS) {
    const { headers, text } = await ask({ port, path });
    for (const name of ['server', 'x-powered-by', 'via', 'x-runtime', 'x-version']) {
      assert.equal(headers[name], undefined, `${name} of ${path}`);
    }
    assert.doesNotMatch(text(), /node_modules|hono|at .*\.ts:\d/i);
  }
});

test('logs an internal POST error and answers 500 without its message', async (t) => {
  const { port, dataDir, events } = await startTestServer(t);
  const broken = new DatabaseSync(join(dataDir, STORE_FILE));
  broken.exec('ALTER TABLE decisions RENAME TO secret_12345');
  broken.close();
  const answer = await ask({
    method: 'POST',
    port,
    path: OWN_WARNING_PATH,
    headers: {
      Origin: `http://localhost:${port}`,
      'Content-Type': 'application/json',
      Cookie: `__Host-farandole=${createCookie()}`,
    },
    body: '{}',
  });
  assert.equal(answer.status, 500);
  assert.deepEqual(answer.json(), {
    error: 'server-error',
    detail: 'Something went wrong on this server. Please try again.',
  });
  assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  const failed = events.filter(({ event }) => event === 'request-failed');
  const [event] = failed;
  assert.ok(event?.event === 'request-failed' && failed.length === 1);
  assert.equal(event.error, 'StoreError');
  assert.ok(event.frames.length > 0);
  assert.doesNotMatch(`${answer.text()}${JSON.stringify(event)}`, /decisions|12345/);
  assert.ok(events.some((one) => one.event === 'request-refused' && one.status === 500));
});

test('logs nothing when a client disconnects while sending a request body', async (t) => {
  const { port, events } = await startTestServer(t);
  const socket = connect({ port, host: '127.0.0.1' });
  await once(socket, 'connect');
  socket.write(
    `POST ${OWN_WARNING_PATH} HTTP/1.1\r\nHost: localhost:${port}\r\nOrigin: http://localhost:${port}\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{`,
    () => socket.resetAndDestroy(),
  );
  const refused = (): boolean => events.some(({ event }) => event === 'request-refused');
  while (!refused()) await nextTurn();
  assert.ok(!events.some(({ event }) => event === 'request-failed'));
});

test('counts refused requests by status and logs nothing about the client', async (t) => {
  const server = await startTestServer(t, { env: { FARANDOLE_METRICS_PORT: '0' } });
  const { port, metricsPort, events } = server;
  const host = `Host: localhost:${port}`;
  const upgrade = `${host}\r\nConnection: Upgrade\r\nUpgrade: websocket`;
  const expected: readonly [status: number, times: number][] = [
    [400, 2],
    [401, 3],
    [403, 3],
    [404, 1],
    [405, 1],
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

test('issues a distinct 256-bit random cookie each time', () => {
  const cookies = Array.from({ length: 10_000 }, createCookie);
  assert.equal(new Set(cookies).size, cookies.length);
  for (const cookie of cookies) assert.equal(Buffer.from(cookie, 'base64url').length, 32);
  // Every bit position must be set in some of the cookies and clear in others.
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
