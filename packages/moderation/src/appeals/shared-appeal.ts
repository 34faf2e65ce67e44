import type { MemberId } from '@farandole/accounts/ids';
import { tookTwo } from '../cases/approval.ts';
import type { SanctionScope } from '../sanctions/sanction.ts';

/**
 * Answers to an appeal of somebody whom a shared network or device keeps out, and what each does to that sanction.
 * The sentences are fixed, so that no answer can tell who was decided on.
 */
const FOLLOWS = {
  'others-share': 'lift',
  'not-needed': 'lift',
  'still-needed': 'leave',
  'nothing-new': 'leave',
} as const;

export type SharedAnswer = keyof typeof FOLLOWS;

export const SHARED_ANSWERS = Object.keys(FOLLOWS) as readonly SharedAnswer[];

/** What of a decision others than its subject can be kept out by. */
export type SharedScope = Extract<SanctionScope, { scope: 'device' | 'prefix' }>;

export function isSharedScope(on: SanctionScope): on is SharedScope {
  return on.scope === 'device' || on.scope === 'prefix';
}

export function isSharedAnswer(value: unknown): value is SharedAnswer {
  return typeof value === 'string' && Object.hasOwn(FOLLOWS, value);
}

/**
 * What may be answered to whoever writes of a sanction of this decision. They may be whom it was decided of, under
 * another cookie, as often as they like: so what two people decided is not let go by one on such a word.
 */
export function answersAgainst(decision: {
  readonly deciders: readonly MemberId[];
}): readonly SharedAnswer[] {
  return tookTwo(decision) ? SHARED_ANSWERS.filter((one) => !liftsBy(one)) : SHARED_ANSWERS;
}

export function liftsBy(answer: SharedAnswer): boolean {
  return FOLLOWS[answer] === 'lift';
}
