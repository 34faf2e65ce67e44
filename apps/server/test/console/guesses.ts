import assert from 'node:assert/strict';
import { ATTEMPT_WAIT_MS_MAX, SIGN_IN_LINK_MS } from '@farandole/accounts/limits';
import { TOTP } from 'otpauth';
import { CONSOLE_COOKIE } from '../../src/sign-in/authenticate.ts';
import { freshToken } from '../../src/sign-in/secrets.ts';
import { MemberBrowser, SignInSite } from '../support/sign-in-site.ts';

export const PASSWORD = 'a farandole in the rain';

/** Time in ms over which one run of guesses is spread. */
const ROUND_MS = 1_000;

interface Enrolled {
  readonly browser: MemberBrowser;
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

export async function enrolled(site: SignInSite): Promise<Enrolled> {
  const browser = new MemberBrowser(site);
  const token = await site.linkFor(await site.hire('Ada', 'moderator'));
  const { body } = await browser.post('/link/password-options', { token });
  const secret = String(body['secret']);
  const code = codeOf(site, secret);
  const came = await browser.post('/link/password', { token, password: PASSWORD, code });
  assert.equal(came.status, 200);
  await browser.post('/sign-out');
  return { browser, secret, recoveryCodes: came.body['recoveryCodes'] as readonly string[] };
}

export function codeOf(site: SignInSite, secret: string): string {
  return new TOTP({ secret }).generate({ timestamp: site.clock.wallMs() });
}

/**
 * Guesses the passwords of a known and an unknown name, each guess from another network.
 * @param checkedMax maximum number of guesses per name that the server may check; the other
 * guesses must wait
 */
export async function assertWithstandsPasswordGuesses(
  guesses: number,
  checkedMax: number,
): Promise<void> {
  const site = new SignInSite();
  const { browser, secret } = await enrolled(site);
  const seen = { Ada: new Map<string, number>(), Nobody: new Map<string, number>() };
  for (let n = 0; n < guesses; n += 1) {
    for (const name of ['Ada', 'Nobody'] as const) {
      const guesser = new MemberBrowser(site, `10.${n >> 8}.${n & 255}.1`);
      const code = String(n).padStart(6, '0');
      // Every second guesser knows the password and guesses the code. The others know the code and
      // guess the password.
      const password = n % 2 === 0 ? PASSWORD : `guess number ${n}`;
      const { error } = await guesser.post('/sign-in/password', { name, password, code });
      seen[name].set(error, (seen[name].get(error) ?? 0) + 1);
    }
    site.clock.advance(ROUND_MS);
  }
  assert.deepEqual(seen.Ada, seen.Nobody);
  assert.deepEqual([...seen.Ada.keys()].sort(), ['sign-in-failed', 'too-many']);
  assert.ok((seen.Ada.get('sign-in-failed') ?? 0) <= checkedMax);
  site.clock.advance(ATTEMPT_WAIT_MS_MAX);
  const right = { name: 'Ada', password: PASSWORD, code: codeOf(site, secret) };
  assert.equal((await browser.post('/sign-in/password', right)).status, 200);
}

/**
 * Guesses a session token, a sign-in link and a passkey, all from one address.
 * @param checkedMax maximum number of guesses of a link that the server may check; the others must
 * wait. Guesses of a passkey cost so little work that all are checked.
 */
export async function assertWithstandsOtherGuesses(
  guesses: number,
  checkedMax: number,
): Promise<void> {
  const site = new SignInSite();
  const token = await site.linkFor('owner');
  const guesser = new MemberBrowser(site);
  const seen = new Map<string, number>();
  let checkedLinks = 0;
  for (let n = 0; n < guesses; n += 1) {
    guesser.cookies.set(CONSOLE_COOKIE, freshToken());
    const link = await guesser.post('/link', { token: freshToken() });
    if (link.error === 'sign-in-failed') checkedLinks += 1;
    const answers = [
      await guesser.get('/security'),
      link,
      await guesser.post('/sign-in/passkey', { credential: {} }),
    ];
    for (const { error } of answers) seen.set(error, (seen.get(error) ?? 0) + 1);
    site.clock.advance(ROUND_MS);
  }
  assert.deepEqual([...seen.keys()].sort(), ['sign-in-failed', 'signed-out', 'too-many']);
  assert.ok(checkedLinks <= checkedMax, `${checkedLinks} links were checked`);
  assert.equal(seen.get('sign-in-failed'), checkedLinks + guesses);
  site.clock.advance(SIGN_IN_LINK_MS);
  const owner = new MemberBrowser(site, '198.51.100.3');
  assert.equal((await owner.post('/link', { token })).error, 'sign-in-failed', 'it has expired');
  const fresh = await site.linkFor('owner');
  assert.equal((await owner.comeIn(fresh, 'Ada')).status, 200, 'other networks may sign in');
}
