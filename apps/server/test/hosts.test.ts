import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { ask, askRaw } from '@farandole/e2e/http';
import { Site } from '../src/net/site.ts';
import { startTestServer } from './support/test-server.ts';

test('redirects 127.0.0.1 and [::1] to localhost, keeping path and query', async (t) => {
  const { port, url } = await startTestServer(t);
  for (const host of [`127.0.0.1:${port}`, `[::1]:${port}`]) {
    for (const path of ['/', '/somewhere?else=1', '//evil.example/x']) {
      const answer = await ask({ port, path, headers: { Host: host } });
      assert.equal(answer.status, 307, host + path);
      assert.equal(answer.headers['location'], url + path);
    }
    const posted = await ask({ method: 'POST', port, path: '/', headers: { Host: host } });
    assert.equal(posted.status, 421);
  }
});

test('refuses foreign host names, because their pages would share our origin', async (t) => {
  const { port } = await startTestServer(t);
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    `localhost.evil.example:${port}`,
    `127.0.0.2:${port}`,
    `169.254.169.254`,
    '0.0.0.0',
  ]) {
    const answer = await ask({ port, headers: { Host: host } });
    assert.equal(answer.status, 421, host);
    // Health checks may name any host.
    assert.equal((await ask({ port, path: '/livez', headers: { Host: host } })).status, 200);
  }
  assert.match(await askRaw(port, 'GET / HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 4\d\d /);
});

test("accepts only exact spellings of the server's origins", () => {
  const site = new Site(['https://meet.example.org', 'http://localhost:9000']);
  assert.deepEqual(site.decideHost('MEET.example.org'), { action: 'serve' });
  assert.deepEqual(site.decideHost('localhost:9000'), { action: 'serve' });
  assert.deepEqual(site.decideHost('127.0.0.1:9000'), {
    action: 'redirect',
    origin: 'http://localhost:9000',
  });
  assert.deepEqual(site.decideHost('localhost:8080'), {
    action: 'redirect',
    origin: 'https://meet.example.org',
  });
  assert.deepEqual(site.decideHost('meet.example.org:8443'), { action: 'refuse' });
  assert.deepEqual(site.decideHost(undefined), { action: 'refuse' });
  assert.equal(site.secureOriginOf('meet.example.org'), 'https://meet.example.org');
  assert.equal(site.secureOriginOf('localhost:9000'), null);
});

test("returns a known host's origin, and the first origin for other hosts", () => {
  const site = new Site(['https://meet.example.org', 'https://other.example:8443']);
  assert.equal(site.originOf('OTHER.example:8443'), 'https://other.example:8443');
  assert.equal(site.originOf('meet.example.org'), 'https://meet.example.org');
  for (const foreign of ['other.example', 'evil.example', undefined]) {
    assert.equal(site.originOf(foreign), 'https://meet.example.org');
  }
});

test('serves only an explanation to other machines over plain HTTP', async (t) => {
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal)?.address;
  const origin = 'https://meet.example.org';
  const { port } = await startTestServer(t, {
    env: {
      HOST: '0.0.0.0',
      FARANDOLE_AGE_REQUIRED: 'declared',
      FARANDOLE_ORIGINS: origin,
      FARANDOLE_TRUSTED_PROXIES: '127.0.0.7',
    },
  });
  // One visitor has a remote address and comes through a listed proxy. The other has a local
  // address that isn't loopback.
  const elsewhere = { from: '127.0.0.7', headers: { 'X-Forwarded-For': '198.51.100.1' } };
  const visitors = [elsewhere, ...(outside === undefined ? [] : [{ host: outside, headers: {} }])];
  for (const visitor of visitors) {
    const host = { Host: `192.0.2.1:${port}` };
    const page = await ask({ ...visitor, port, headers: { ...visitor.headers, ...host } });
    assert.equal(page.status, 426);
    assert.match(page.text(), /needs HTTPS/);
    assert.match(page.text(), /docs\/tls\.md/);
    assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
    assert.match(String(page.headers['upgrade']), /^TLS/);
    assert.equal(page.headers['connection'], 'Upgrade, close');
    const french = { ...visitor.headers, ...host, 'Accept-Language': 'fr-CH, fr;q=0.9, en;q=0.8' };
    assert.match((await ask({ ...visitor, port, headers: french })).text(), /besoin de HTTPS/);
    const posted = await ask({
      ...visitor,
      method: 'POST',
      port,
      path: '/api/session-ticket',
      headers: { ...visitor.headers, ...host, Origin: origin },
    });
    assert.equal(posted.status, 426);
    assert.equal(posted.headers['set-cookie'], undefined);
    assert.equal((await ask({ ...visitor, port, path: '/livez' })).status, 200);
    // The server redirects a request with the right host to the HTTPS address.
    const named = { ...visitor.headers, Host: 'meet.example.org' };
    const redirected = await ask({ ...visitor, port, path: '/x', headers: named });
    assert.equal(redirected.status, 307);
    assert.equal(redirected.headers['location'], `${origin}/x`);
  }
  assert.ok(visitors.length > 0);
});

test("permits only the explanation page's own style, by digest", async (t) => {
  const { port } = await startTestServer(t, {
    env: { FARANDOLE_TRUSTED_PROXIES: '127.0.0.7' },
  });
  const headers = { 'X-Forwarded-For': '198.51.100.1' };
  const page = await ask({ port, from: '127.0.0.7', headers });
  const policy = String(page.headers['content-security-policy']);
  assert.match(
    policy,
    /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'; base-uri 'none'/,
  );
  assert.doesNotMatch(page.text(), /<script|<img|<link|src=|url\(/);
  const style = /<style>([^]*?)<\/style>/.exec(page.text())?.[1] ?? '';
  const digest = Buffer.from(
    await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style)),
  ).toString('base64');
  assert.ok(policy.includes(`'sha256-${digest}'`));
});
