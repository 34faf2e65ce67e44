import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { ask, askRaw } from '@farandole/e2e/http';
import { startTestServer } from './support/test-server.ts';

const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " +
  "img-src 'self' blob:; media-src 'self' blob:; connect-src 'self'; font-src 'self'; " +
  "worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; " +
  "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types farandole-url";

const USED_BY_THE_PAGE = [
  'autoplay',
  'camera',
  'clipboard-write',
  'digital-credentials-get',
  'fullscreen',
  'language-detector',
  'microphone',
  'on-device-speech-recognition',
  'picture-in-picture',
  'publickey-credentials-create',
  'publickey-credentials-get',
  'screen-wake-lock',
  'speaker-selection',
  'translator',
];

const EXACT = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** Addresses of every kind that the server knows, and addresses that don't exist. */
const REQUESTS: readonly [method: string, path: string, status: number][] = [
  ['GET', '/', 200],
  ['HEAD', '/', 200],
  ['GET', '/assets/main-abc123.js', 200],
  ['GET', '/livez', 200],
  ['GET', '/readyz', 200],
  ['POST', '/livez', 405],
  ['GET', '/nothing', 404],
  ['PUT', '/', 405],
  ['GET', '/api/session-ticket', 405],
  ['POST', '/api/session-ticket', 403],
  ['POST', '/api/ice-servers', 403],
  ['POST', '/api/nothing', 403],
  ['GET', '/api/nothing', 404],
];

test('sends exactly the security headers with every response', async (t) => {
  const { port } = await startTestServer(t);
  for (const [method, path, status] of REQUESTS) {
    const { headers, ...answer } = await ask({ method, port, path });
    assert.equal(answer.status, status, `${method} ${path}`);
    for (const [name, value] of Object.entries(EXACT)) {
      assert.equal(headers[name], value, `${name} of ${method} ${path}`);
    }
    assert.ok(headers['permissions-policy'], `${method} ${path}`);
    // The server sends neither cross-origin isolation, which would break the shield, nor HSTS,
    // which needs TLS.
    assert.equal(headers['cross-origin-embedder-policy'], undefined);
    assert.equal(headers['strict-transport-security'], undefined);
    assert.equal(headers['x-powered-by'], undefined);
    assert.equal(headers['server'], undefined);
  }
});

test('allows only the console to embed the isolated picture document', async (t) => {
  const { port } = await startTestServer(t);
  const policyOf = async (path: string): Promise<string> =>
    String((await ask({ port, path })).headers['content-security-policy']);
  assert.equal(await policyOf('/console'), `${CONTENT_SECURITY_POLICY}; frame-src 'self'`);
  const path = '/console/picture-frame';
  const frame = await ask({ port, path });
  const digest = (tag: string): string => {
    const [, text = ''] = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(frame.text()) ?? [];
    return createHash('sha256').update(text).digest('base64');
  };
  assert.equal(
    await policyOf(path),
    `default-src 'none'; script-src 'sha256-${digest('script')}'; style-src 'sha256-${digest('style')}'; ` +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts",
  );
  assert.equal(frame.headers['cross-origin-resource-policy'], 'same-origin');
  assert.equal((await ask({ port, path, method: 'POST' })).status, 405);
});

test('sends the security headers with responses to invalid requests too', async (t) => {
  const { port } = await startTestServer(t);
  for (const text of [
    'GET / HTTP/1.1\r\n\r\n',
    'nonsense\r\n\r\n',
    `GET /${'x'.repeat(10_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    'GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    'GET \\ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  ]) {
    const answer = (await askRaw(port, text)).toLowerCase();
    assert.match(answer, /^http\/1\.1 4\d\d /, text.slice(0, 40));
    for (const [name, value] of Object.entries(EXACT)) {
      assert.ok(answer.includes(`${name}: ${value.toLowerCase()}\r\n`), `${name} of ${answer}`);
    }
  }
});

test('permits the browser features the page needs and denies all others', async (t) => {
  const { port } = await startTestServer(t);
  const policy = (await ask({ port })).headers['permissions-policy'];
  assert.ok(typeof policy === 'string');
  const features = policy.split(', ').map((item) => item.split('='));
  assert.deepEqual(
    features.filter(([, allowed]) => allowed === '(self)').map(([name]) => name),
    USED_BY_THE_PAGE,
  );
  const denied = features.filter(([, allowed]) => allowed === '()').map(([name]) => name);
  assert.equal(denied.length, features.length - USED_BY_THE_PAGE.length);
  for (const feature of ['geolocation', 'display-capture', 'usb', 'payment', 'clipboard-read']) {
    assert.ok(denied.includes(feature), feature);
  }
  assert.equal(new Set(features.map(([name]) => name)).size, features.length);
});

test('sends HSTS only to clients over TLS behind a listed proxy', async (t) => {
  const origin = 'https://meet.example.org';
  const { port } = await startTestServer(t, {
    env: { FARANDOLE_ORIGINS: origin, FARANDOLE_TRUSTED_PROXIES: '127.0.0.1' },
  });
  const overTls = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '198.51.100.1' };
  const host = { Host: 'meet.example.org' };
  const hsts = async (headers: Readonly<Record<string, string>>, from?: string) =>
    (await ask({ port, headers, ...(from === undefined ? {} : { from }) })).headers[
      'strict-transport-security'
    ];
  assert.equal(await hsts({ ...host, ...overTls }), 'max-age=63072000');
  assert.equal(await hsts({ ...host, 'X-Forwarded-Proto': 'http' }), undefined);
  assert.equal(await hsts(host), undefined);
  assert.equal(await hsts({ ...host, ...overTls }, '127.0.0.2'), undefined);
});
