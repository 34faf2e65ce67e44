import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askRaw } from '@farandole/e2e/http';
import { securityHeaders } from '../src/http/security-headers.ts';
import { handshakeHeaders, handshakeText } from './support/handshake.ts';
import { startTestServer } from './support/test-server.ts';

test('sends the security headers with every refused handshake', async (t) => {
  const { port } = await startTestServer(t);
  const good = handshakeHeaders(port);
  for (const [what, text, status] of [
    ['no key', handshakeText({ ...good, 'Sec-WebSocket-Key': '' }), 400],
    ['a short key', handshakeText({ ...good, 'Sec-WebSocket-Key': 'YQ==' }), 400],
    ['an old version', handshakeText({ ...good, 'Sec-WebSocket-Version': '7' }), 400],
    ['a POST', handshakeText({ ...good, 'Content-Length': '0' }, 'POST'), 405],
    ['another origin', handshakeText({ ...good, Origin: 'https://evil.example' }), 403],
    ['an expectation', handshakeText({ Host: good['Host'] ?? '', Expect: 'miracles' }), 417],
  ] as const) {
    const answer = await askRaw(port, text);
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), what);
    assert.match(answer, /\r\nContent-Type: application\/problem\+json\r\n/, what);
    for (const [name, value] of securityHeaders(false)) {
      assert.ok(answer.includes(`\r\n${name}: ${value}\r\n`), `${what}: ${name} of ${answer}`);
    }
  }
});

test('names the supported version or method in a refused handshake', async (t) => {
  const { port } = await startTestServer(t);
  const good = handshakeHeaders(port);
  const old = await askRaw(port, handshakeText({ ...good, 'Sec-WebSocket-Version': '7' }));
  assert.match(old, /\r\nSec-WebSocket-Version: 13\r\n/);
  const put = await askRaw(port, handshakeText({ ...good, 'Content-Length': '0' }, 'PUT'));
  assert.match(put, /\r\nAllow: GET\r\n/);
});

test('sends HSTS with a handshake refused over TLS', async (t) => {
  const { port } = await startTestServer(t, { env: { FARANDOLE_TRUSTED_PROXIES: '127.0.0.1' } });
  const overTls = { ...handshakeHeaders(port), 'X-Forwarded-Proto': 'https' };
  for (const fault of [{ 'Sec-WebSocket-Version': '7' }, { Origin: 'null' }, { Cookie: '' }]) {
    const answer = await askRaw(port, handshakeText({ ...overTls, ...fault }));
    assert.match(answer, /^HTTP\/1\.1 40[013] /);
    assert.match(answer, /\r\nStrict-Transport-Security: max-age=63072000\r\n/);
  }
});

test('refuses plain HTTP sockets from other machines, whatever their headers claim', async (t) => {
  const { port } = await startTestServer(t, { env: { FARANDOLE_TRUSTED_PROXIES: '127.0.0.1' } });
  const elsewhere = { ...handshakeHeaders(port), 'X-Forwarded-For': '198.51.100.1' };
  for (const proto of ['http', 'https, http', '']) {
    const plain = handshakeText({ ...elsewhere, 'X-Forwarded-Proto': proto });
    assert.match(await askRaw(port, plain), /^HTTP\/1\.1 426 /, proto);
  }
  const overTls = handshakeText({ ...elsewhere, 'X-Forwarded-Proto': 'https' });
  // The server accepts the handshake, and the invalid bytes after it end the socket.
  assert.match(await askRaw(port, `${overTls}\xff\xff\xff\xff`), /^HTTP\/1\.1 101 /);
});
