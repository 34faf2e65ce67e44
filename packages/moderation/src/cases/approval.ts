import type { MemberId } from '@farandole/accounts/ids';
import { may, type Role } from '@farandole/accounts/roles';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { ApprovalId } from '../ids.ts';
import { BULK_SUBJECTS_MAX } from '../limits.ts';
import { isWide, type SanctionScope } from '../sanctions/sanction.ts';

export const TWO_PERSON_ACTS = [
  'permanent-suspension',
  'replacement',
  'wide-network',
  'bulk',
  'authority-submission',
  'unsealing',
  'early-deletion',
  'live-rule',
  'role-grant',
  'more-reveals',
  'age-override',
] as const;

export type TwoPersonAct = (typeof TWO_PERSON_ACTS)[number];

export type Approval = {
  readonly id: ApprovalId;
  readonly act: TwoPersonAct;
  readonly by: MemberId;
  readonly atMs: number;
} & (
  | { readonly state: 'waiting' }
  | {
      readonly state: 'approved' | 'declined';
      readonly second: MemberId;
      readonly answeredAtMs: number;
    }
  | { readonly state: 'withdrawn'; readonly answeredAtMs: number }
);

export type ApprovalRefusal = 'not-allowed' | 'same-person' | 'answered';

/** Answers a proposal as a second member. Refuses members who answer their own proposal. */
export function answerApproval(
  approval: Approval,
  answer: 'approved' | 'declined',
  second: { readonly id: MemberId; readonly roles: readonly Role[] },
  nowMs: number,
): Result<Approval, ApprovalRefusal> {
  if (approval.state !== 'waiting') return refused('answered');
  if (second.id === approval.by) return refused('same-person');
  if (!may(second.roles, 'approval.give')) return refused('not-allowed');
  const { id, act, by, atMs } = approval;
  return ok({ id, act, by, atMs, state: answer, second: second.id, answeredAtMs: nowMs });
}

export function withdrawApproval(
  approval: Approval,
  by: MemberId,
  nowMs: number,
): Result<Approval, 'answered' | 'not-yours'> {
  if (approval.state !== 'waiting') return refused('answered');
  if (approval.by !== by) return refused('not-yours');
  return ok({ ...approval, state: 'withdrawn', answeredAtMs: nowMs });
}

/**
 * Returns the permission that the second member of a decision needs, or null if one member is
 * enough.
 *
 * @param replaces the earlier decisions that this decision replaces
 */
export function actOfDecision(
  scopes: readonly SanctionScope[],
  permanent: boolean,
  replaces: readonly { readonly deciders: readonly MemberId[] }[],
): TwoPersonAct | null {
  const subjects = new Set(scopes.flatMap((on) => (on.scope === 'subject' ? [on.subject] : [])));
  if (subjects.size > BULK_SUBJECTS_MAX) return 'bulk';
  if (scopes.some(isWide)) return 'wide-network';
  if (permanent) return 'permanent-suspension';
  return replaces.some(tookTwo) ? 'replacement' : null;
}

/** Returns whether two members made the decision, so that one alone can't replace or end it. */
export function tookTwo({ deciders }: { readonly deciders: readonly MemberId[] }): boolean {
  return deciders.length > 1;
}
