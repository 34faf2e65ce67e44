import { MEMBER_NAME_UNITS_MAX } from '@farandole/accounts/limits';
import type { SecondFactor } from '@farandole/accounts/passwords';
import { nameKeyOf } from '@farandole/accounts/sign-in';
import { problem } from '../http/problem.ts';
import { PASSWORD_UNITS_MAX } from './password-rules.ts';
import { recoveryDigestOf } from './recovery-codes.ts';
import type { SignInParts } from './sign-in-parts.ts';
import { type SignInRequest, type SignInRoute, textIn } from './sign-in-route.ts';
import { totpStepOf } from './totp.ts';

const CODE_CHARS_MAX = 40;
const SIX_DIGITS = /^\d{6}$/;
/** Authenticator secret that codes for unknown names are compared with. */
const NO_SECRET = 'A'.repeat(32);

export function passwordRoutes(parts: SignInParts): readonly SignInRoute[] {
  return [
    {
      method: 'POST',
      path: '/sign-in/password',
      for: 'anybody',
      answer: (asked) => parts.attempt(asked, 'password', () => signIn(parts, asked)),
    },
  ];
}

/**
 * Signs in with a password. Returns null for any failure. An unknown name causes the same work in
 * the same order as a known one.
 */
async function signIn(parts: SignInParts, asked: SignInRequest): Promise<Response | 'wait' | null> {
  const { body, nowMs, machineMs } = asked;
  const { store, hasher, signer } = parts;
  const name = textIn(body, 'name', MEMBER_NAME_UNITS_MAX) ?? '';
  const password = textIn(body, 'password', PASSWORD_UNITS_MAX) ?? '';
  const code = (textIn(body, 'code', CODE_CHARS_MAX) ?? '').replaceAll(/\s/g, '');
  if (hasher.isBusy) return problem('too-many', 'Too many sign-ins at once. Try again.');
  const tried = signer.triedName(nameKeyOf(name));
  const attempt = await store.run('password.try', { name, tried, nowMs });
  if (!attempt.ok) return 'wait';
  const { login, secret } = attempt.value;
  const isRight = await hasher.isRight(password, login?.hash ?? null);
  const step = totpStepOf(secret ?? NO_SECRET, code, machineMs);
  if (login === null || !isRight) return null;
  const second: SecondFactor | null = SIX_DIGITS.test(code)
    ? step === null
      ? null
      : { by: 'code', step }
    : { by: 'recovery-code', digest: recoveryDigestOf(code) };
  if (second === null) return null;
  const beginning = parts.beginning(asked);
  const { session, replaces } = beginning;
  const { id: member, hash } = login;
  const newHash = hasher.isCurrent(hash) ? null : await hasher.hash(password);
  const input = { member, tried, hash, newHash, second, session, replaces, nowMs };
  const signedIn = await store.run('password.sign-in', input);
  if (!signedIn.ok) return null;
  return parts.signedIn(beginning, second.by === 'code' ? 'password' : 'recovery-code');
}
