import { PASSKEY_LABEL_UNITS_MAX } from '@farandole/accounts/limits';
import { type ProblemKind, problem } from '../http/problem.ts';
import { type SignInRequest, textIn } from './sign-in-route.ts';

const REFUSALS = {
  'already-there': ['already-there', 'This passkey is known already.'],
  malformed: ['bad-request', 'This is nothing that can be asked here.'],
  'last-way-in': ['last-way-in', 'This is all that you can sign in by. Add another one first.'],
  'name-taken': ['name-taken', 'There is a member of this name already.'],
  'not-allowed': ['not-allowed', 'Your roles do not allow this, or not for this member.'],
  'not-fresh': ['not-fresh', 'Sign in again first: this takes somebody who did a moment ago.'],
  'not-now': ['not-allowed', 'This is not possible now.'],
  'not-signed-in': ['signed-out', 'Sign in first.'],
  'takes-two': ['not-allowed', 'Roles are given by two people.'],
  'too-many': ['already-there', 'There are as many passkeys as one member may have.'],
  unknown: ['not-found', 'There is no such thing any more.'],
  'wrong-label': ['wrong-label', 'What a passkey is called has 1 to 60 characters, on one line.'],
  'wrong-name': ['wrong-name', 'A name has 1 to 80 characters, on one line.'],
} as const satisfies Record<string, readonly [ProblemKind, string]>;

export function refusalOf(reason: keyof typeof REFUSALS): Response {
  const [kind, detail] = REFUSALS[reason];
  return problem(kind, detail);
}

export function labelIn(body: SignInRequest['body']): string {
  return textIn(body, 'label', PASSKEY_LABEL_UNITS_MAX) ?? '';
}
