import type { MemberId } from '@farandole/accounts/ids';
import type { Member } from '@farandole/accounts/member';
import { requireMember } from '@farandole/accounts/members';
import type { Action } from '@farandole/accounts/roles';
import type { SubjectId } from '@farandole/kernel/id';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { SubjectAppeal } from '../appeals/appeal.ts';
import type { CaseId, DecisionId } from '../ids.ts';
import { CASE_REPORTS_MAX } from '../limits.ts';
import { mayInQueue, QUEUES, type QueueName } from '../reports/queue-name.ts';
import type { Sanction } from '../sanctions/sanction.ts';
import type { Records } from '../store/records.ts';
import type { Decision, StoredReport } from '../store/stored.ts';
import type { Case } from './case-machine.ts';

export async function openFor(
  records: Records,
  id: CaseId,
  by: MemberId,
  action: Action,
): Promise<Result<{ readonly of: Case; readonly member: Member }, 'not-allowed' | 'unknown'>> {
  const allowed = await requireMember(records, by, action);
  if (!allowed.ok) return allowed;
  const of = await records.cases.get(id);
  if (of === null) return refused('unknown');
  const member = allowed.value;
  if (!mayInQueue(member.roles, 'read', of.lane)) return refused('not-allowed');
  return ok({ of, member });
}

/** Returns the subject's undecided cases, at most one per queue, the child-safety case first. */
export async function openCasesOf(records: Records, subject: SubjectId): Promise<readonly Case[]> {
  const open = await records.cases.find(
    { subject, state: { oneOf: ['open', 'queued', 'assigned', 'escalated', 'reopened'] } },
    { limit: QUEUES.length },
  );
  return open.toSorted((a, b) => Number(a.lane === 'normal') - Number(b.lane === 'normal'));
}

export async function openCaseIn(
  records: Records,
  subject: SubjectId,
  lane: QueueName,
): Promise<Case | null> {
  return (await openCasesOf(records, subject)).find((of) => of.lane === lane) ?? null;
}

/** Returns the subject's undecided cases that prevent the closed case `of` from being reopened. */
export async function openInsteadOf(
  records: Records,
  of: Pick<Case, 'id' | 'subject' | 'lane' | 'apart'>,
): Promise<readonly Case[]> {
  const open = await openCasesOf(records, of.subject);
  const others = open.filter(({ id }) => id !== of.id);
  return isWhole(of) ? others : others.filter((one) => one.lane === of.lane || isWhole(one));
}

/** Returns whether a child-safety case contains all reports about its subject. */
export function isWhole({ lane, apart }: Pick<Case, 'lane' | 'apart'>): boolean {
  return lane === 'child-safety' && apart !== true;
}

/** Maximum number of decisions read per case, of which at most the newest is in force. */
const CASE_DECISIONS_MAX = 100;

export async function decisionsIn(records: Records, of: CaseId): Promise<readonly Decision[]> {
  return await records.decisions.find({ case: of }, { limit: CASE_DECISIONS_MAX });
}

/** Returns the decisions in force, at most one, because each decision replaces the one before. */
export async function standingIn(records: Records, of: CaseId): Promise<readonly Decision[]> {
  return (await decisionsIn(records, of)).filter(({ reversedAtMs }) => reversedAtMs === null);
}

export async function sanctionsOf(records: Records, id: DecisionId): Promise<readonly Sanction[]> {
  return await records.sanctions.find({ decision: id }, { limit: 100 });
}

export async function reportsOf(records: Records, id: CaseId): Promise<readonly StoredReport[]> {
  return await records.reports.find({ case: id }, { limit: CASE_REPORTS_MAX, newestFirst: true });
}

export async function subjectAppealOf(
  records: Records,
  decision: DecisionId,
): Promise<SubjectAppeal | null> {
  const [appeal] = await records.appeals.find({ decision, standing: 'subject' }, { limit: 1 });
  return appeal?.standing === 'subject' ? appeal : null;
}

export async function isAppealWaiting(records: Records, decision: DecisionId): Promise<boolean> {
  return (await subjectAppealOf(records, decision))?.state === 'waiting';
}

export async function isAppealed(records: Records, id: CaseId): Promise<boolean> {
  for (const decision of await standingIn(records, id)) {
    if (await isAppealWaiting(records, decision.id)) return true;
  }
  return false;
}
