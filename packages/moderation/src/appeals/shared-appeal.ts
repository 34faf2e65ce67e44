import type { MemberId } from '@farandole/accounts/ids';
import type { SubjectId } from '@farandole/kernel/id';
import { tookTwo } from '../cases/approval.ts';
import type { AppealId, SanctionId } from '../ids.ts';
import type { SanctionScope } from '../sanctions/sanction.ts';

/**
 * What is answered to somebody who was kept out by a network or a device that they share, and what follows
 * from it. The words are the page's, in their language: so nothing that a member writes can tell them who
 * was decided on.
 */
const FOLLOWS = {
  'others-share': 'lift',
  'not-needed': 'lift',
  'still-needed': 'leave',
  'nothing-new': 'leave',
} as const;

export type SharedAnswer = keyof typeof FOLLOWS;

export const SHARED_ANSWERS = Object.keys(FOLLOWS) as readonly SharedAnswer[];

/** What somebody says against the sanction of a network or a device that was decided of somebody else. */
export type SharedAppeal = {
  readonly id: AppealId;
  readonly sanction: SanctionId;
  /** Whoever wrote; no member is told. */
  readonly by: SubjectId;
  readonly atMs: number;
  /** When whoever wrote asked that their words go, while somebody was to read them yet; else left out. */
  readonly erasureAskedAtMs?: number;
} & (
  | { readonly state: 'waiting' }
  | {
      readonly state: 'answered';
      readonly answeredBy: MemberId;
      readonly answer: SharedAnswer;
      readonly answeredAtMs: number;
    }
);

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
