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
  'too-common': ['password-too-common', 'This password is one of those that are tried first.'],
} as const satisfies Record<string, readonly [ProblemKind, string]>;

/**
 * Starts enrolment with a new authenticator secret. It stays encrypted in the browser until a code
 * confirms it.
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
  /** Shown to the member once. */
  readonly recoveryCodes: readonly string[];
}

/** Finishes enrolment. @returns what to store, or a refusal */
export async function endPassword(
  parts: SignInParts,
  { request, body, nowMs, machineMs }: SignInRequest,
  name: string,
): Promise<Enrolled | Response> {
  const ceremony = parts.ceremonies.read(request, 'password-new', nowMs);
  if (ceremony === null) return problem('ceremony-over', 'This took too long. Begin again.');
  // Cut only to report that it is too long.
  const password = textIn(body, 'password', 4 * PASSWORD_UNITS_MAX) ?? '';
  const fault = await passwordFault(password, { name, site: parts.siteName });
  if (fault !== null) {
    const [kind, detail] = FAULTS[fault];
    return problem(kind, detail);
  }
  const secret = ceremony.value;
  const step = totpStepOf(secret, textIn(body, 'code', CODE_CHARS_MAX) ?? '', machineMs);
  if (step === null) return problem('wrong-code', 'The authenticator shows another code.');
  if (parts.hasher.isBusy) return problem('too-many', 'So many come in at once. Try again.');
  const hash = await parts.hasher.hash(password);
  const { codes, digests } = freshRecoveryCodes();
  return { password: { hash, secret, step, recoveryCodes: digests }, recoveryCodes: codes };
}
