import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { ATTEMPT_WAIT_MS_MAX, CHALLENGE_MS, SESSION_IDLE_MS } from '@farandole/accounts/limits';
import { brandId } from '@farandole/kernel/id';
import { CONSOLE_UNATTENDED_HEADER } from '@farandole/protocol/console-api';
import { CONSOLE_COOKIE } from '../../src/sign-in/authenticate.ts';
import { freshToken } from '../../src/sign-in/secrets.ts';
import { CONSOLE_API } from '../../src/sign-in/sign-in-route.ts';
import { ROWS } from '../support/budgets.ts';
import { MemberBrowser, ORIGIN, SignInSite } from '../support/sign-in-site.ts';
import { SoftPasskey } from '../support/soft-passkey.ts';
import { assertWithstandsOtherGuesses } from './guesses.ts';

const cookieOf = (browser: MemberBrowser): string => browser.cookies.get(CONSOLE_COOKIE) ?? '';

test('[MO-101, MO-102] signs the first member in by link, then by passkey', async () => {
  const site = new SignInSite();
  const browser = new MemberBrowser(site);
  const token = await site.linkFor('owner');
  assert.deepEqual((await browser.post('/link', { token })).body, { name: null });
  assert.equal((await browser.comeIn(token, 'Ada')).status, 200);
  const first = cookieOf(browser);
  const me = await browser.whose();
  assert.deepEqual([me?.name, me?.roles], ['Ada', ['admin', 'senior', 'child-safety']]);
  assert.equal((await browser.comeIn(token, 'Bob')).error, 'sign-in-failed');

  assert.equal((await browser.post('/sign-out')).status, 200);
  assert.equal(cookieOf(browser), '');
  browser.cookies.set(CONSOLE_COOKIE, first);
  assert.equal((await browser.get('/security')).error, 'signed-out');
  assert.equal((await browser.signIn()).status, 200);
  assert.equal((await browser.whose())?.name, 'Ada');
  assert.deepEqual(
    site.events.filter(({ event }) => event === 'member-signed-in'),
    [
      { event: 'member-signed-in', way: 'link' },
      { event: 'member-signed-in', way: 'passkey' },
    ],
  );
});

test('[MO-100] issues a new session token at sign-in and ends the old session', async () => {
  const site = new SignInSite();
  const browser = await site.signedIn('Ada', 'moderator');
  const before = cookieOf(browser);
  // The server must ignore a session token that an attacker put into the cookie.
  const planted = freshToken();
  browser.cookies.set(CONSOLE_COOKIE, planted);
  assert.equal((await browser.signIn()).status, 200);
  const after = cookieOf(browser);
  assert.equal(new Set([before, planted, after]).size, 3);
  browser.cookies.set(CONSOLE_COOKIE, after);
  assert.equal((await browser.signIn()).status, 200);
  for (const [token, status] of [
    [planted, 401],
    [after, 401],
    [cookieOf(browser), 200],
  ] as const) {
    browser.cookies.set(CONSOLE_COOKIE, token);
    assert.equal((await browser.get('/security')).status, status);
  }
});

test("[MO-102] accepts a passkey response once, in time, from its owner's browser", async () => {
  const site = new SignInSite();
  const browser = await site.signedIn('Ada', 'moderator');
  await browser.post('/sign-out');
  const options = async () => (await browser.post('/sign-in/passkey-options')).body;
  const isRefused = async (credential: unknown, what: string, by = browser) => {
    const answer = await by.post('/sign-in/passkey', { credential });
    assert.equal(answer.error, 'sign-in-failed', what);
    site.clock.advance(ATTEMPT_WAIT_MS_MAX);
  };
  for (const [what, odd] of [
    ['another origin', { origin: 'https://meet.example.org.evil.example' }],
    ['another relying party', { rpId: 'example.org' }],
    ['nobody showed that it is them', { isVerified: false }],
    ['a count that went back', { counter: 0 }],
  ] as const) {
    await isRefused(browser.passkey.get(await options(), odd), what);
  }
  await isRefused(new SoftPasskey(ORIGIN).get(await options()), 'a passkey that nobody has');
  const { passkey } = browser;
  await isRefused(passkey.get({ ...(await options()), challenge: freshToken() }), 'a challenge');
  await isRefused(passkey.create(await options()), 'the answer to another question');
  for (const malformed of [null, {}, { id: 1 }, { id: 'x', response: { signature: 'x' } }]) {
    await isRefused(malformed, 'no answer at all');
  }

  const elsewhere = passkey.get(await options());
  await isRefused(elsewhere, 'another browser', new MemberBrowser(site, '198.51.100.1'));
  const late = passkey.get(await options());
  site.clock.advance(CHALLENGE_MS);
  await isRefused(late, 'too late');

  const asked = await options();
  const ceremony = new Map(browser.cookies);
  const credential = passkey.get(asked, { counter: 1_000 });
  assert.equal((await browser.post('/sign-in/passkey', { credential })).status, 200);
  const replay = new MemberBrowser(site, '198.51.100.2');
  for (const [name, value] of ceremony) replay.cookies.set(name, value);
  await isRefused(credential, 'again', replay);
  const again = passkey.get(asked, { counter: 2_000 });
  await isRefused(again, 'the same challenge again', replay);
});

test('[MO-100] refuses revoked sessions and ended memberships at the next request', async () => {
  const site = new SignInSite();
  const browser = await site.signedIn('Ada', 'moderator');
  const { store, clock } = site;
  const id = brandId<MemberId>('member-Ada');
  const own = await store.run('sign-in.read', { member: id, nowMs: clock.wallMs() });
  const [session] = own.sessions;
  assert.ok(session !== undefined);
  await store.run('session.end', { session: session.id, by: id, nowMs: clock.wallMs() });
  assert.equal((await browser.get('/security')).status, 401);
  assert.equal((await browser.signIn()).status, 200);
  assert.equal((await browser.get('/security')).status, 200);
  await store.run('member.remove', { id, by: null, nowMs: clock.wallMs() });
  assert.equal((await browser.get('/security')).status, 401);
  assert.equal((await browser.signIn()).error, 'sign-in-failed');
});

test("[MO-100] doesn't extend idle sessions by streams or polling", async () => {
  for (const headers of [{ Accept: 'text/event-stream' }, { [CONSOLE_UNATTENDED_HEADER]: '?1' }]) {
    const site = new SignInSite();
    const browser = await site.signedIn('Ada', 'moderator');
    site.clock.advance(SESSION_IDLE_MS - 1);
    assert.equal((await browser.get('/security', headers)).status, 200);
    site.clock.advance(1);
    assert.equal((await browser.get('/security', headers)).status, 401);
  }
});

test('withstands 2,000 guesses of session tokens, sign-in links and passkeys', async () => {
  // 2,000 guesses are enough to reach the longest wait. The long tier makes 10,000.
  await assertWithstandsOtherGuesses(2_000, 17);
});

test('refuses requests without session or permission at every console address', async () => {
  const site = new SignInSite();
  const stranger = new MemberBrowser(site);
  const nobody = await site.signedIn('Nemo');
  const ask = async (browser: MemberBrowser, { method, path }: (typeof site.routes)[number]) =>
    method === 'GET' ? await browser.get(path) : await browser.post(path);
  const open: string[] = [];
  for (const route of site.routes) {
    if (route.for === 'anybody') {
      open.push(route.path);
      continue;
    }
    assert.equal((await ask(stranger, route)).status, 401, route.path);
    if (route.needs !== null) assert.equal((await ask(nobody, route)).status, 403, route.path);
  }
  assert.deepEqual(open, [
    '/sign-in/passkey-options',
    '/sign-in/passkey',
    '/sign-in/password',
    '/link',
    '/link/passkey-options',
    '/link/passkey',
    '/link/password-options',
    '/link/password',
  ]);
});

test('refuses requests of foreign pages at every console address', async () => {
  const site = new SignInSite();
  const browser = await site.signedIn('Ada', 'moderator');
  const wrong = [
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { Origin: `${ORIGIN}.evil.example` },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { 'Sec-Fetch-Site': 'none' },
  ];
  for (const headers of wrong) {
    assert.equal((await browser.post('/sign-out', {}, headers)).error, 'origin-refused');
  }
  const form = { 'Content-Type': 'text/plain' };
  assert.equal((await browser.post('/sign-out', {}, form)).error, 'not-json');
  assert.equal((await browser.get('/security', { 'Sec-Fetch-Site': 'cross-site' })).status, 403);
  assert.equal((await browser.get('/sign-out')).error, 'method-not-allowed');
  assert.equal((await browser.get('/elsewhere')).error, 'not-found');
  const url = `${ORIGIN}${CONSOLE_API}/sign-out`;
  assert.equal(new URL(url).pathname, '/console/api/sign-out');
  assert.equal((await browser.get('/security')).status, 200, 'still signed in');
});

test("rate-limits a network's console requests", async () => {
  const site = new SignInSite();
  const member = await site.signedIn('Ada', 'moderator');
  const stranger = new MemberBrowser(site, '198.51.100.8');
  let asked = 0;
  while ((await stranger.get('/security')).status !== 429) asked += 1;
  assert.equal(asked, ROWS.console.networkMax / 2, 'a lone address has half of its network');
  assert.equal((await member.get('/security')).status, 200);
  const neighbour = new MemberBrowser(site, '198.51.100.9');
  assert.equal((await neighbour.get('/security')).status, 401, 'not limited');
  const elsewhere = new MemberBrowser(site, '203.0.113.9');
  assert.equal((await elsewhere.get('/security')).status, 401);
});
