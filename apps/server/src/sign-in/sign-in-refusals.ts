import { PASSKEY_LABEL_UNITS_MAX } from '@farandole/accounts/limits';
import { type ProblemKind, problem } from '../http/problem.ts';
import { type SignInRequest, textIn } from './sign-in-route.ts';

const REFUSALS = {
  'already-there': ['already-there', 'This passkey is already registered.'],
  malformed: ['bad-request', 'Bad request.'],
  'last-holder': [
    'last-holder',
    'Nobody else has one of this member’s roles. Give it to another member, or have two members take it away.',
  ],
  'last-way-in': ['last-way-in', 'This is your only way to sign in. Add another one first.'],
  'name-taken': ['name-taken', 'A member already has this name.'],
  'not-allowed': ['not-allowed', 'Your roles do not allow this, or not for this member.'],
  'not-fresh': ['not-fresh', 'Sign in again first: this needs a recent sign-in.'],
  'not-now': ['not-allowed', 'This is not possible now.'],
  'not-signed-in': ['signed-out', 'Sign in first.'],
  'takes-two': ['not-allowed', 'Two members must agree on roles.'],
  'too-many': ['already-there', 'You have the maximum number of passkeys.'],
  unknown: ['not-found', 'This no longer exists.'],
  'wrong-label': ['wrong-label', 'A passkey’s name has 1 to 60 characters, on one line.'],
  'wrong-name': ['wrong-name', 'A name has 1 to 80 characters, on one line.'],
} as const satisfies Record<string, readonly [ProblemKind, string]>;

export function refusalOf(reason: keyof typeof REFUSALS): Response {
  const [kind, detail] = REFUSALS[reason];
  return problem(kind, detail);
}

export function labelIn(body: SignInRequest['body']): string {
  return textIn(body, 'label', PASSKEY_LABEL_UNITS_MAX) ?? '';
}
