import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SESSION_TICKET_PATH } from '@farandole/protocol/http-api';
import { RULES, type Seen, scoreOf } from './support/observatory.ts';
import { ask, askPlainly, startSite } from './support/site.ts';

/** Makes the Observatory's requests to a site behind the shipped Caddyfile. */
async function look(t: Parameters<typeof startSite>[0]): Promise<Seen & { cookies: string[] }> {
  const site = await startSite(t);
  const page = await ask(site);
  assert.equal(page.status, 200);
  const plain = await askPlainly(site, '/');
  const ticket = await ask(site, {
    method: 'POST',
    path: SESSION_TICKET_PATH,
    headers: { Origin: site.origin, 'Content-Type': 'application/json' },
    body: '{}',
  });
  return {
    headers: page.headers,
    html: page.text(),
    plain: { status: plain.status, location: plain.headers.location },
    host: 'localhost',
    cookies: ticket.headers['set-cookie'] ?? [],
  };
}

test('scores at least 130 points in HTTP Observatory behind the shipped Caddyfile', async (t) => {
  const seen = await look(t);
  for (const [name, rule] of Object.entries(RULES)) {
    assert.ok(rule(seen) >= 0, `${name} takes ${rule(seen)}`);
  }
  assert.equal(scoreOf(seen), 130);
  // A scanner gets no cookie, because the cookie comes with the first session ticket.
  assert.equal(scoreOf({ ...seen, headers: { ...seen.headers, 'set-cookie': seen.cookies } }), 135);
});

test('detects each missing or weakened security header', async (t) => {
  const seen = await look(t);
  const csp = String(seen.headers['content-security-policy']);
  const weaker: readonly [header: string, value: string | undefined, score: number][] = [
    ['content-security-policy', undefined, 55],
    ['content-security-policy', csp.replace("script-src 'self'", "script-src 'unsafe-inline'"), 80],
    ['content-security-policy', csp.replace("style-src 'self'", 'style-src https:'), 80],
    ['content-security-policy', csp.replace("img-src 'self'", 'img-src http:'), 80],
    ['content-security-policy', csp.replace("default-src 'none'", "default-src 'self'"), 125],
    ['content-security-policy', csp.replace("frame-ancestors 'none'", ''), 80],
    ['strict-transport-security', undefined, 80],
    ['strict-transport-security', 'max-age=3600', 120],
    ['referrer-policy', undefined, 125],
    ['referrer-policy', 'unsafe-url', 120],
    ['x-content-type-options', undefined, 125],
    ['cross-origin-resource-policy', undefined, 120],
    ['access-control-allow-credentials', 'true', 50],
  ];
  for (const [header, value, score] of weaker) {
    const headers = { ...seen.headers, [header]: value };
    assert.equal(scoreOf({ ...seen, headers }), score, `${header}: ${value}`);
  }
  assert.equal(scoreOf({ ...seen, plain: { status: 200, location: undefined } }), 80);
  const elsewhere = { status: 308, location: 'https://www.example.org/' };
  assert.equal(scoreOf({ ...seen, plain: elsewhere }), 125);
  assert.equal(scoreOf({ ...seen, html: '<script src="//cdn.example/x.js"></script>' }), 50);
  const loose = { ...seen.headers, 'set-cookie': ['a=b; Secure; SameSite=Lax'] };
  assert.equal(scoreOf({ ...seen, headers: loose }), 70);
});
