import type { NewPassword } from '@farandole/accounts/passwords';
import type { ConsoleAuthenticator } from '@farandole/protocol/console-sign-in';
import { type ProblemKind, problem } from '../http/problem.ts';
import { PASSWORD_UNITS_MAX, passwordFault } from './password-rules.ts';
import { freshRecoveryCodes } from './recovery-codes.ts';
import type { SignInParts } from './sign-in-parts.ts';
import { reply, type SignInRequest, textIn } from './sign-in-route.ts';
import { freshTotpSecret, totpAddress, totpStepOf } from './totp.ts';

const CODE_CHARS_MAX = 40;

const FAULTS = {
  'too-short': ['password-too-short', 'A password has 12 characters or more.'],
  'too-long': ['password-too-long', 'A password has 256 characters at most.'],
  'too-common': ['password-too-common', 'This password is too common.'],
} as const satisfies Record<string, readonly [ProblemKind, string]>;

/**
 * Starts setting up a password, with a new secret for an authenticator app. The browser keeps the
 * secret encrypted until a code from the app confirms it.
 */
export function beginPassword(parts: SignInParts, name: string, nowMs: number): Response {
  const secret = freshTotpSecret();
  const begun = { what: 'password-new', value: secret, member: '' } as const;
  const address = totpAddress(parts.siteName, name, secret);
  const authenticator: ConsoleAuthenticator = { secret, address };
  return reply(authenticator, [parts.ceremonies.begin(begun, nowMs)]);
}

export interface Enrolled {
  readonly password: NewPassword;
  /** Recovery codes, which the member sees only once. */
  readonly recoveryCodes: readonly string[];
}

/**
 * Finishes setting up a password.
 *
 * @returns the sign-in data to store, or a refusal
 */
export async function endPassword(
  parts: SignInParts,
  { request, body, nowMs, machineMs }: SignInRequest,
  name: string,
): Promise<Enrolled | Response> {
  const ceremony = parts.ceremonies.read(request, 'password-new', nowMs);
  if (ceremony === null) return problem('ceremony-over', 'This took too long. Begin again.');
  // Reads more than the maximum length, so that a long password is refused as too long.
  const password = textIn(body, 'password', 4 * PASSWORD_UNITS_MAX) ?? '';
  const fault = await passwordFault(password, { name, site: parts.siteName });
  if (fault !== null) {
    const [kind, detail] = FAULTS[fault];
    return problem(kind, detail);
  }
  const secret = ceremony.value;
  const step = totpStepOf(secret, textIn(body, 'code', CODE_CHARS_MAX) ?? '', machineMs);
  if (step === null) return problem('wrong-code', 'Wrong authenticator code.');
  if (parts.hasher.isBusy) return problem('too-many', 'Too many sign-ins at once. Try again.');
  const hash = await parts.hasher.hash(password);
  const { codes, digests } = freshRecoveryCodes();
  return { password: { hash, secret, step, recoveryCodes: digests }, recoveryCodes: codes };
}
