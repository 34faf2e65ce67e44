import type { MemberId } from '@farandole/accounts/ids';
import type { Member } from '@farandole/accounts/member';
import { requireMember } from '@farandole/accounts/members';
import { may } from '@farandole/accounts/roles';
import type { Collection } from '@farandole/kernel/collection';
import { ok, type Result } from '@farandole/kernel/result';
import type { Case } from '../cases/case-machine.ts';
import { mayAnswer } from '../cases/may-answer.ts';
import { noteRead } from '../evidence/exposures.ts';
import type { AppealId } from '../ids.ts';
import { PROPOSAL_PINNED_MS, QUEUE_SHOWN_MAX, WAITING_READ_AT_ONCE } from '../limits.ts';
import { actionInLane } from '../reports/lane.ts';
import { isPinned } from '../reports/triage.ts';
import type { Decision, KeptAppeal, KeptApproval } from '../store/kept.ts';
import { readAll } from '../store/read-all.ts';
import type { Records } from '../store/records.ts';
import { noteOf } from './show-case.ts';

/** What waits for a second person, and the case that it is about; null where it is about none, or none that they may see. */
export interface OpenApproval {
  readonly approval: KeptApproval;
  readonly of: Case | null;
}

/** The same as a member may see it. */
export interface WaitingApproval extends OpenApproval {
  readonly note: string | null;
  /** False where there is a note, and their shift asks this member to read no more. */
  readonly isShown: boolean;
  /** Whether this member may be the second; the first may take it back. */
  readonly may: 'answer' | 'withdraw';
}

/** What waits for a second person and is this member's to see, the oldest first. */
export async function readApprovals(
  records: Records,
  { by, nowMs }: { readonly by: MemberId; readonly nowMs: number },
): Promise<Result<readonly WaitingApproval[], 'not-allowed'>> {
  const second = await requireMember(records, by, 'approval.give');
  // Whoever may only ask sees what they asked for.
  const member = second.ok ? second : await requireMember(records, by, 'sanction.permanent');
  if (!member.ok) return member;
  const waiting: WaitingApproval[] = [];
  for await (const page of approvalsThatWait(records, WAITING_READ_AT_ONCE)) {
    for (const open of page) {
      const mayDo = mayDoWithApproval(member.value, open);
      if (mayDo === null) continue;
      // Whoever asked may still take it back, and reads no more of a case that is not theirs any longer.
      const isTheirs = open.of === null || maySee(member.value, open.of);
      const isShown = mayDo === 'withdraw' || (await noteProposalRead(records, open, by, nowMs));
      const note = isTheirs && isShown ? await noteOf(records, open.approval.id) : null;
      const of = isTheirs ? open.of : null;
      waiting.push({ approval: open.approval, of, note, isShown, may: mayDo });
      if (waiting.length >= QUEUE_SHOWN_MAX) return ok(waiting);
    }
  }
  return ok(waiting);
}

/** False where their shift asks no more of them. Of what is no decision nobody has written anything. */
async function noteProposalRead(
  records: Records,
  { approval, of }: OpenApproval,
  by: MemberId,
  nowMs: number,
): Promise<boolean> {
  if (approval.proposal.of !== 'decision') return true;
  const isLong = approval.atMs <= nowMs - PROPOSAL_PINNED_MS;
  const presses = isLong || (of !== null && isPinned(of));
  const read = { action: 'proposal.read', about: approval.id, by, presses, nowMs } as const;
  return await noteRead(records, read);
}

/** Whether anything of what waits for a second person is a member's to see. */
export function asksForApprovals({ roles }: Member): boolean {
  return may(roles, 'approval.give') || may(roles, 'sanction.permanent');
}

/** Null: it is not theirs to see. */
export function mayDoWithApproval(
  member: Member,
  { approval, of }: OpenApproval,
): WaitingApproval['may'] | null {
  if (approval.by === member.id) return 'withdraw';
  const isTheirs = of === null || maySee(member, of);
  return isTheirs && mayAnswer(member.roles, approval.proposal) ? 'answer' : null;
}

/** An appeal that nobody has answered, with what it is against. */
export interface OpenAppeal {
  readonly appeal: KeptAppeal;
  readonly decision: Decision;
  readonly of: Case;
}

/** The same as a member may see it. */
export interface WaitingAppeal extends OpenAppeal {
  /** Null once it is shredded. */
  readonly text: string | null;
  /** For the other moderators. */
  readonly note: string | null;
  /** False where their shift asks this member to read no more. */
  readonly isShown: boolean;
  /** Nobody answers who had a part in the decision. */
  readonly mayAnswer: boolean;
}

/** The appeals that wait and that this member may see, whoever waited longest first. */
export async function readAppeals(
  records: Records,
  { by, nowMs }: { readonly by: MemberId; readonly nowMs: number },
): Promise<Result<readonly WaitingAppeal[], 'not-allowed'>> {
  const member = await requireMember(records, by, 'appeal.decide');
  if (!member.ok) return member;
  const waiting: WaitingAppeal[] = [];
  for await (const page of appealsThatWait(records, WAITING_READ_AT_ONCE)) {
    for (const open of page) {
      if (!maySee(member.value, open.of)) continue;
      const { id: about } = open.appeal;
      const presses = isPinned(open.of);
      const isShown = await noteRead(records, { action: 'appeal.read', about, by, presses, nowMs });
      waiting.push({
        ...open,
        text: isShown ? await textOf(records, about) : null,
        note: isShown ? await noteOf(records, open.decision.id) : null,
        isShown,
        mayAnswer: mayAnswerAppeal(member.value, open),
      });
      if (waiting.length >= QUEUE_SHOWN_MAX) return ok(waiting);
    }
  }
  return ok(waiting);
}

/** What somebody wrote to those who answer, of either kind; null once it is shredded. */
export async function textOf(records: Records, id: AppealId): Promise<string | null> {
  return (await records.words.get('appeal', id))?.note ?? null;
}

export function answersAppeals({ roles }: Member): boolean {
  return may(roles, 'appeal.decide');
}

export function mayAnswerAppeal({ id, roles }: Member, { decision, of }: OpenAppeal): boolean {
  return !decision.deciders.includes(id) && may(roles, actionInLane('decide', of.lane));
}

export function maySee({ roles }: Member, { lane }: Case): boolean {
  return may(roles, actionInLane('read', lane));
}

/** All approvals that wait, the oldest first, so many at once. */
export async function* approvalsThatWait(
  records: Records,
  atOnce: number,
): AsyncGenerator<readonly OpenApproval[], void, undefined> {
  for await (const approvals of thatWait(records.approvals, atOnce)) {
    const about = approvals.flatMap(({ proposal }) => ('case' in proposal ? [proposal.case] : []));
    const cases = await readAll(records.cases, about);
    yield approvals.map((approval) => {
      const { proposal } = approval;
      return { approval, of: 'case' in proposal ? (cases.get(proposal.case) ?? null) : null };
    });
  }
}

/** All appeals that wait, as above, but for those of which nothing is left that they are against. */
export async function* appealsThatWait(
  records: Records,
  atOnce: number,
): AsyncGenerator<readonly OpenAppeal[], void, undefined> {
  for await (const appeals of thatWait(records.appeals, atOnce)) {
    const against = appeals.map(({ decision }) => decision);
    const decisions = await readAll(records.decisions, against);
    const about = [...decisions.values()].map((decision) => decision.case);
    const cases = await readAll(records.cases, about);
    yield appeals.flatMap((appeal) => {
      const decision = decisions.get(appeal.decision);
      const of = decision === undefined ? undefined : cases.get(decision.case);
      return decision === undefined || of === undefined ? [] : [{ appeal, decision, of }];
    });
  }
}

/**
 * What waits, the oldest first, in pages: however much waits that a member may not see, what they may see is not lost
 * behind it.
 */
export async function* thatWait<Id extends string, Entity extends { readonly id: Id }>(
  from: Collection<Id, Entity, { state: 'waiting' }>,
  atOnce: number,
): AsyncGenerator<readonly Entity[], void, undefined> {
  for (let skip = 0; ; skip += atOnce) {
    const some = await from.find({ state: 'waiting' }, { limit: atOnce, skip });
    yield some;
    if (some.length < atOnce) return;
  }
}
