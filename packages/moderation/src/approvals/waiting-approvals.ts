import type { MemberId } from '@farandole/accounts/ids';
import type { Member } from '@farandole/accounts/member';
import { requireMember } from '@farandole/accounts/members';
import { may } from '@farandole/accounts/roles';
import { ok, type Result } from '@farandole/kernel/result';
import { mayAnswer } from '../approvals/kinds.ts';
import type { Case } from '../cases/case-machine.ts';
import { noteRead } from '../evidence/exposures.ts';
import { PROPOSAL_PINNED_MS, QUEUE_SHOWN_MAX, WAITING_READ_AT_ONCE } from '../limits.ts';
import { mayInQueue } from '../reports/queue-name.ts';
import { isPinned } from '../reports/triage.ts';
import { thatWait } from '../store/pages.ts';
import { readAll } from '../store/read-all.ts';
import type { Records } from '../store/records.ts';
import type { StoredApproval } from '../store/stored.ts';
import { noteOf } from '../store/user-text.ts';

/** A waiting proposal with its case. The case is null if there is none that the member may see. */
export interface OpenApproval {
  readonly approval: StoredApproval;
  readonly of: Case | null;
}

export interface WaitingApproval extends OpenApproval {
  readonly note: string | null;
  /** Whether the note is included. False if the member reached the reading limit of the shift. */
  readonly isShown: boolean;
  readonly may: 'answer' | 'withdraw';
}

/** Returns the waiting proposals that this member may see, oldest first. */
export async function readApprovals(
  records: Records,
  { by, nowMs }: { readonly by: MemberId; readonly nowMs: number },
): Promise<Result<readonly WaitingApproval[], 'not-allowed'>> {
  const second = await requireMember(records, by, 'approval.give');
  // Members who may only propose see only their own proposals.
  const member = second.ok ? second : await requireMember(records, by, 'sanction.permanent');
  if (!member.ok) return member;
  const waiting: WaitingApproval[] = [];
  for await (const page of approvalsThatWait(records, WAITING_READ_AT_ONCE)) {
    for (const open of page) {
      const mayDo = mayDoWithApproval(member.value, open);
      if (mayDo === null) continue;
      // A proposer who lost permission for the case may still withdraw the proposal but may no
      // longer read the case.
      const isTheirs = open.of === null || mayInQueue(member.value.roles, 'read', open.of.lane);
      const isShown = mayDo === 'withdraw' || (await noteProposalRead(records, open, by, nowMs));
      const note = isTheirs && isShown ? await noteOf(records, open.approval.id) : null;
      const of = isTheirs ? open.of : null;
      waiting.push({ approval: open.approval, of, note, isShown, may: mayDo });
      if (waiting.length >= QUEUE_SHOWN_MAX) return ok(waiting);
    }
  }
  return ok(waiting);
}

/**
 * Counts the reading of a proposal. Returns false if the member reached the reading limit. Only
 * proposed decisions have text to read.
 */
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

export function asksForApprovals({ roles }: Member): boolean {
  return may(roles, 'approval.give') || may(roles, 'sanction.permanent');
}

export function mayDoWithApproval(
  member: Member,
  { approval, of }: OpenApproval,
): WaitingApproval['may'] | null {
  if (approval.by === member.id) return 'withdraw';
  const isTheirs = of === null || mayInQueue(member.roles, 'read', of.lane);
  return isTheirs && mayAnswer(member.roles, approval.proposal) ? 'answer' : null;
}

/** Yields all waiting proposals, oldest first, and reads them from the store in pages. */
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
