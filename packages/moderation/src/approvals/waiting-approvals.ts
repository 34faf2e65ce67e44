import type { MemberId } from '@farandole/accounts/ids';
import type { Member } from '@farandole/accounts/member';
import { requireMember } from '@farandole/accounts/members';
import { may } from '@farandole/accounts/roles';
import { ok, type Result } from '@farandole/kernel/result';
import { mayAnswer } from '../approvals/kinds.ts';
import type { Case } from '../cases/case-machine.ts';
import { noteRead } from '../evidence/exposures.ts';
import { PROPOSAL_PINNED_MS, QUEUE_SHOWN_MAX, WAITING_READ_AT_ONCE } from '../limits.ts';
import { mayInLane } from '../reports/lane.ts';
import { isPinned } from '../reports/triage.ts';
import type { KeptApproval } from '../store/kept.ts';
import { thatWait } from '../store/pages.ts';
import { readAll } from '../store/read-all.ts';
import type { Records } from '../store/records.ts';
import { noteOf } from '../store/words.ts';

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
      const isTheirs = open.of === null || mayInLane(member.value.roles, 'read', open.of.lane);
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
  const isTheirs = of === null || mayInLane(member.roles, 'read', of.lane);
  return isTheirs && mayAnswer(member.roles, approval.proposal) ? 'answer' : null;
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
