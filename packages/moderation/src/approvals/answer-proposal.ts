import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import { appendAudit } from '@farandole/accounts/records';
import { assert } from '@farandole/kernel/assert';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { AppliedDecision } from '../cases/apply-decision.ts';
import { answerApproval, withdrawApproval } from '../cases/approval.ts';
import { openFor } from '../cases/lookup.ts';
import type { ApprovalId, DecisionId } from '../ids.ts';
import type { Records } from '../store/records.ts';
import type { ProposalKind, StoredApproval } from '../store/stored.ts';
import type { Via } from '../store/via.ts';
import { type KindRefusal, kindOf, mayAnswer } from './kinds.ts';

export type ApprovalOutcome =
  | { readonly answer: 'declined' }
  | { readonly answer: 'approved'; readonly of: Exclude<ProposalKind, 'decision'> }
  | ({ readonly answer: 'approved'; readonly of: 'decision' } & AppliedDecision);

export function isApprovalAnswer(value: unknown): boolean {
  return value === 'approved' || value === 'declined';
}

export async function answerProposal(
  records: Records,
  input: {
    readonly approval: ApprovalId;
    readonly by: MemberId;
    readonly answer: 'approved' | 'declined';
    readonly freshDecision: DecisionId;
    readonly nowMs: number;
    readonly via?: Via;
  },
): Promise<
  Result<
    ApprovalOutcome,
    /** Both approvals came from the command line, which can't prove that two people agreed. */
    'operator-alone' | KindRefusal | 'not-allowed' | 'malformed' | 'answered'
  >
> {
  const { approval: id, by, answer, freshDecision, nowMs } = input;
  if (!isApprovalAnswer(answer)) return refused('malformed');
  const allowed = await requireMember(records, by, 'approval.give');
  if (!allowed.ok) return allowed;
  const before = await records.approvals.get(id);
  if (before === null) return refused('unknown');
  const answered = answerApproval(before, answer, allowed.value, nowMs);
  if (!answered.ok) return answered;
  const isBoth = before.via !== undefined && input.via !== undefined;
  if (answer === 'approved' && isBoth) return refused('operator-alone');
  const { proposal } = before;
  if (!mayAnswer(allowed.value.roles, proposal)) return refused('not-allowed');
  const opened =
    'case' in proposal ? await openFor(records, proposal.case, by, 'approval.give') : null;
  if (opened?.ok === false) return opened;
  await records.approvals.put({ ...answered.value, proposal });
  await appendAudit(records, { by, nowMs }, `approval.${answer}`, id, { act: before.act });
  const of = opened?.value.of ?? null;
  const done = { approval: before, by, of, nowMs };
  if (answer === 'declined') {
    const declined = await kindOf(proposal).decline(records, proposal, done);
    return declined.ok ? ok({ answer }) : declined;
  }
  const approved = await kindOf(proposal).approve(records, proposal, { ...done, freshDecision });
  if (!approved.ok) return approved;
  if (proposal.of !== 'decision') return ok({ answer, of: proposal.of });
  assert(approved.value !== null, 'an approved decision was not applied');
  return ok({ answer, of: 'decision', ...approved.value });
}

/** Withdraws an unanswered proposal on behalf of its proposer and returns its case to the queue. */
export async function withdrawProposal(
  records: Records,
  input: { readonly approval: ApprovalId; readonly by: MemberId; readonly nowMs: number },
): Promise<Result<StoredApproval, KindRefusal | 'not-allowed' | 'answered'>> {
  const { approval: id, by, nowMs } = input;
  const member = await records.members.get(by);
  if (member === null || member.leftAtMs !== null) return refused('not-allowed');
  const before = await records.approvals.get(id);
  if (before === null) return refused('unknown');
  const { proposal } = before;
  const withdrawn = withdrawApproval(before, by, nowMs);
  if (!withdrawn.ok) return withdrawn;
  const of = 'case' in proposal ? await records.cases.get(proposal.case) : null;
  const done = { approval: before, by, of, nowMs };
  const handled = await kindOf(proposal).withdraw(records, proposal, done);
  if (!handled.ok) return handled;
  const approval: StoredApproval = { ...withdrawn.value, proposal };
  await records.approvals.put(approval);
  await appendAudit(records, { by, nowMs }, 'approval.withdraw', id, { act: before.act });
  return ok(approval);
}
