import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askRaw } from '@farandole/e2e/http';
import { securityHeaders } from '../src/http/security-headers.ts';
import { admittedHeaders, handshakeText } from './support/handshake.ts';
import { startTestServer } from './support/test-server.ts';

test('sends the security headers with every refused handshake', async (t) => {
  const { port } = await startTestServer(t);
  for (const [what, fault, method, status] of [
    ['no key', { 'Sec-WebSocket-Key': '' }, 'GET', 400],
    ['a short key', { 'Sec-WebSocket-Key': 'YQ==' }, 'GET', 400],
    ['an old version', { 'Sec-WebSocket-Version': '7' }, 'GET', 400],
    ['a POST', { 'Content-Length': '0' }, 'POST', 405],
    ['another origin', { Origin: 'https://evil.example' }, 'GET', 403],
    ['no ticket', { 'Sec-WebSocket-Protocol': 'farandole' }, 'GET', 401],
    ['an expectation', { Expect: 'miracles', Upgrade: '', Connection: 'close' }, 'GET', 417],
  ] as const) {
    const headers = { ...(await admittedHeaders(port)), ...fault };
    const answer = await askRaw(port, handshakeText(headers, method));
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), what);
    assert.match(answer, /\r\nContent-Type: application\/problem\+json\r\n/, what);
    for (const [name, value] of securityHeaders(false)) {
      assert.ok(answer.includes(`\r\n${name}: ${value}\r\n`), `${what}: ${name} of ${answer}`);
    }
  }
});

test('names the supported version or method in a refused handshake', async (t) => {
  const { port } = await startTestServer(t);
  const good = await admittedHeaders(port);
  const old = await askRaw(port, handshakeText({ ...good, 'Sec-WebSocket-Version': '7' }));
  assert.match(old, /\r\nSec-WebSocket-Version: 13\r\n/);
  const put = await askRaw(
    port,
    handshakeText({ ...(await admittedHeaders(port)), 'Content-Length': '0' }, 'PUT'),
  );
  assert.match(put, /\r\nAllow: GET\r\n/);
});

test('sends HSTS with a handshake refused over TLS', async (t) => {
  const { port } = await startTestServer(t, { env: { FARANDOLE_TRUSTED_PROXIES: '127.0.0.1' } });
  for (const fault of [{ 'Sec-WebSocket-Version': '7' }, { Origin: 'null' }, { Cookie: '' }]) {
    const overTls = { ...(await admittedHeaders(port)), 'X-Forwarded-Proto': 'https' };
    const answer = await askRaw(port, handshakeText({ ...overTls, ...fault }));
    assert.match(answer, /^HTTP\/1\.1 40[013] /);
    assert.match(answer, /\r\nStrict-Transport-Security: max-age=63072000\r\n/);
  }
});

test('refuses plain HTTP sockets from other machines, whatever their headers claim', async (t) => {
  const { port } = await startTestServer(t, { env: { FARANDOLE_TRUSTED_PROXIES: '127.0.0.1' } });
  const elsewhere = { ...(await admittedHeaders(port)), 'X-Forwarded-For': '198.51.100.1' };
  for (const proto of ['http', 'https, http', '']) {
    const plain = handshakeText({ ...elsewhere, 'X-Forwarded-Proto': proto });
    assert.match(await askRaw(port, plain), /^HTTP\/1\.1 426 /, proto);
  }
  const overTls = handshakeText({ ...elsewhere, 'X-Forwarded-Proto': 'https' });
  // The server accepts the handshake, and the invalid bytes after it end the socket.
  assert.match(await askRaw(port, `${overTls}\xff\xff\xff\xff`), /^HTTP\/1\.1 101 /);
});
