import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TriedName } from '@farandole/accounts/ids';
import { ATTEMPT_WAIT_MS_MAX, CHALLENGE_MS, RECOVERY_CODES } from '@farandole/accounts/limits';
import { brandId } from '@farandole/kernel/id';
import { PASSWORDS_WAITING_MAX } from '../../src/limits.ts';
import { type HashCosts, PasswordHasher } from '../../src/sign-in/password-hash.ts';
import {
  PASSWORD_UNITS_MAX,
  PASSWORD_UNITS_MIN,
  passwordFault,
} from '../../src/sign-in/password-rules.ts';
import { MemberBrowser, SignInSite } from '../support/sign-in-site.ts';
import { assertWithstandsPasswordGuesses, codeOf, enrolled, PASSWORD } from './guesses.ts';

const CHEAP: HashCosts = { by: 'argon2id', costs: [8, 1, 1] };
const CHEAP_OF_BEFORE: HashCosts = { by: 'scrypt', costs: [2, 1, 1] };

test('[MO-101, MO-104] enrols a member and signs in by password and authenticator', async () => {
  const site = new SignInSite();
  const { browser, secret } = await enrolled(site);
  const again = { name: ' ada', password: PASSWORD, code: codeOf(site, secret) };
  assert.equal((await browser.post('/sign-in/password', again)).error, 'sign-in-failed', 'used');
  site.clock.advance(30_000);
  const code = codeOf(site, secret);
  const spaced = { ...again, code: `${code.slice(0, 3)} ${code.slice(3)}` };
  assert.equal((await browser.post('/sign-in/password', spaced)).status, 200);
  assert.equal((await browser.whose())?.name, 'Ada');
});

test('[MO-104] accepts a recovery code once in place of an authenticator code', async () => {
  const site = new SignInSite();
  const { browser, recoveryCodes } = await enrolled(site);
  assert.equal(new Set(recoveryCodes).size, RECOVERY_CODES);
  const [code = ''] = recoveryCodes;
  assert.match(code, /^[a-z2-7]{4}(-[a-z2-7]{4}){5}$/);
  const input = { name: 'Ada', password: PASSWORD, code: code.replaceAll('-', ' ').toUpperCase() };
  const wrong = { ...input, password: `${PASSWORD}.` };
  assert.equal((await browser.post('/sign-in/password', wrong)).error, 'sign-in-failed');
  assert.equal((await browser.post('/sign-in/password', input)).status, 200);
  const { body } = await browser.get('/security');
  assert.equal(body['recoveryCodesLeft'], RECOVERY_CODES - 1);
  assert.equal((await browser.post('/sign-in/password', input)).error, 'sign-in-failed');
});

test('[MO-103] withstands 2,000 distributed password guesses without revealing member names', async () => {
  // 2,000 guesses are enough to reach the longest wait. The long tier makes 10,000.
  await assertWithstandsPasswordGuesses(2_000, 17);
});

test('[MO-103] makes a network wait after password guesses for many member names', async () => {
  const site = new SignInSite();
  const guesser = new MemberBrowser(site);
  const errors: string[] = [];
  for (let n = 0; n < 8; n += 1) {
    const guess = { name: `name ${n}`, password: PASSWORD, code: '000000' };
    errors.push((await guesser.post('/sign-in/password', guess)).error);
  }
  assert.deepEqual(errors.slice(4), ['sign-in-failed', 'too-many', 'too-many', 'too-many']);
});

test('validates a new password and code; restarts an enrolment that expired', async () => {
  const site = new SignInSite();
  const browser = await site.signedIn('Ada', 'moderator');
  const { body } = await browser.post('/security/password-options');
  const secret = String(body['secret']);
  assert.match(String(body['address']), /^otpauth:\/\/totp\/A%20site:Ada\?secret=[A-Z2-7]{32}&/);
  const code = codeOf(site, secret);
  const set = async (password: string, shown = code) =>
    (await browser.post('/security/password', { password, code: shown })).error;
  assert.equal(await set('x'.repeat(PASSWORD_UNITS_MIN - 1)), 'password-too-short');
  assert.equal(await set('0123456789'.repeat(26)), 'password-too-long');
  assert.equal(await set('passwordpassword'), 'password-too-common');
  assert.equal(await set(PASSWORD, '000000'), 'wrong-code');
  site.clock.advance(CHALLENGE_MS);
  assert.equal(await set(PASSWORD), 'ceremony-over');
  const again = await browser.post('/security/password-options');
  assert.equal(await set(PASSWORD, codeOf(site, String(again.body['secret']))), '');
});

test("requires a long, uncommon password that isn't the member's or site's name", async () => {
  const known = { name: 'Ana-Maria Lopez', site: 'Meet at the lake' };
  for (const [password, fault] of [
    ['x1y2z3u4v5w', 'too-short'],
    ['x1y2z3u4v5w6', null],
    ['Motdepasse123', 'too-common'],
    ['aaaaaaaaaaaaaaaa', 'too-common'],
    ['ana-maria lopez1', 'too-common'],
    ['Meet at the lake!', 'too-common'],
    ['farandole2026', 'too-common'],
    ['qwertyuiop12', 'too-common'],
    ['1q2w3e4r5t6y', 'too-common'],
    ['P4$$w0rd-2026', 'too-common'],
    ['é'.repeat(250) + 'abcdef', 'too-common'],
    ['à la claire fontaine', null],
    ['m’en allant promener, '.repeat(11), null],
    ['é'.repeat(PASSWORD_UNITS_MAX) + 'x', 'too-long'],
  ] as const) {
    assert.equal(await passwordFault(password, known), fault, password);
  }
});

test('salts password hashes, stores their costs and verifies only the right password', async () => {
  const hasher = new PasswordHasher();
  const hash = await hasher.hash('café au lait, s’il vous plaît');
  assert.match(hash, /^argon2id\$65536\$3\$4\$/);
  assert.ok(hasher.isCurrent(hash));
  assert.equal(await hasher.isRight('cafe\u0301 au lait, s’il vous plaît', hash), true);
  const cheap = new PasswordHasher(CHEAP);
  assert.equal(await cheap.isRight('cafe au lait, s’il vous plaît', hash), false);
  assert.equal(await cheap.isRight('', null), false);
  assert.notEqual(await cheap.hash('one'), await cheap.hash('one'));
});

test('verifies older password hashes and replaces them at sign-in', async () => {
  const costs: { -readonly [Key in keyof HashCosts]: HashCosts[Key] } = { ...CHEAP_OF_BEFORE };
  const site = new SignInSite(costs);
  const { browser, secret } = await enrolled(site);
  const hash = async () => {
    const tried = brandId<TriedName>('of the test');
    const asked = { name: 'Ada', tried, nowMs: site.clock.wallMs() };
    const attempt = await site.store.run('password.try', asked);
    site.clock.advance(ATTEMPT_WAIT_MS_MAX);
    return attempt.ok ? (attempt.value.login?.hash ?? '') : '';
  };
  const signIn = async (password = PASSWORD) =>
    (await browser.post('/sign-in/password', { name: 'Ada', password, code: codeOf(site, secret) }))
      .status;
  const before = await hash();
  assert.match(before, /^scrypt\$2\$1\$1\$/);
  assert.equal(await signIn(), 200);
  assert.equal(await hash(), before, 'it is as this one makes it');
  Object.assign(costs, CHEAP);
  assert.notEqual(await signIn('a farandole in the sun'), 200);
  assert.equal(await hash(), before);
  assert.equal(await signIn(), 200);
  const after = await hash();
  assert.match(after, /^argon2id\$8\$1\$1\$/);
  assert.equal(await signIn(), 200);
  assert.equal(await hash(), after);
});

test('refuses a sign-in when the password queue is full', async () => {
  const hasher = new PasswordHasher(CHEAP);
  const waiting: Promise<boolean>[] = [];
  while (!hasher.isBusy) waiting.push(hasher.isRight('x', null));
  assert.equal(waiting.length, PASSWORDS_WAITING_MAX);
  await Promise.all(waiting);
  assert.equal(hasher.isBusy, false);
});
