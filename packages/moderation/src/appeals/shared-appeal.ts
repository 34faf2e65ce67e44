import type { MemberId } from '@farandole/accounts/ids';
import { tookTwo } from '../cases/approval.ts';
import type { SanctionScope } from '../sanctions/sanction.ts';

/**
 * What follows from each answer to an affected user's appeal. The answers are fixed texts, so
 * that they don't reveal the sanctioned user.
 */
const FOLLOWS = {
  'others-share': 'lift',
  'not-needed': 'lift',
  'still-needed': 'leave',
  'nothing-new': 'leave',
} as const;

export type SharedAnswer = keyof typeof FOLLOWS;

export const SHARED_ANSWERS = Object.keys(FOLLOWS) as readonly SharedAnswer[];

export type SharedScope = Extract<SanctionScope, { scope: 'device' | 'prefix' }>;

export function isSharedScope(on: SanctionScope): on is SharedScope {
  return on.scope === 'device' || on.scope === 'prefix';
}

export function isSharedAnswer(value: unknown): value is SharedAnswer {
  return typeof value === 'string' && Object.hasOwn(FOLLOWS, value);
}

/**
 * Returns the answers that one member may give. If two members made the decision, one alone
 * can't lift the sanction, because the appeal's author may be the sanctioned user with another
 * cookie.
 */
export function answersAgainst(decision: {
  readonly deciders: readonly MemberId[];
}): readonly SharedAnswer[] {
  return tookTwo(decision) ? SHARED_ANSWERS.filter((one) => !liftsBy(one)) : SHARED_ANSWERS;
}

export function liftsBy(answer: SharedAnswer): boolean {
  return FOLLOWS[answer] === 'lift';
}
