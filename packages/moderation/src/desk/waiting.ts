import { ok, type Result } from '@farandole/kernel/result';
import type { Case } from '../case-machine.ts';
import type { MemberId } from '../ids.ts';
import type { Decision, KeptAppeal, KeptApproval } from '../kept.ts';
import { QUEUE_SHOWN_MAX, WAITING_READ_AT_ONCE } from '../limits.ts';
import type { Collection, Records } from '../records.ts';
import { actionInLane, may, type Role } from '../roles.ts';
import { mayAnswer } from './may-answer.ts';
import { requireMember } from './members.ts';
import { noteOf } from './show-case.ts';

/** What waits for a second person, as a member may see it. */
export interface WaitingApproval {
  readonly approval: KeptApproval;
  /** The case that it is about; null where it is about none. */
  readonly of: Case | null;
  readonly note: string | null;
  /** Whether this member may be the second; the first may take it back. */
  readonly may: 'answer' | 'withdraw';
}

/** What waits for a second person and is this member's to see, the oldest first. */
export async function readApprovals(
  records: Records,
  { by }: { readonly by: MemberId },
): Promise<Result<readonly WaitingApproval[], 'not-allowed'>> {
  const second = await requireMember(records, by, 'approval.give');
  // Whoever may only ask sees what they asked for.
  const member = second.ok ? second : await requireMember(records, by, 'sanction.permanent');
  if (!member.ok) return member;
  const { roles } = member.value;
  const waiting = await readWaiting(records.approvals, async (approval) => {
    const { proposal } = approval;
    const of = 'case' in proposal ? await records.cases.get(proposal.case) : null;
    const isMine = approval.by === by;
    const mayGive = mayAnswer(roles, proposal) && (of === null || maySee(roles, of));
    if (!isMine && !mayGive) return null;
    const note = await noteOf(records, approval.id);
    return { approval, of, note, may: isMine ? 'withdraw' : 'answer' } as const;
  });
  return ok(waiting);
}

/** An appeal that nobody has answered, with what it is against. */
export interface WaitingAppeal {
  readonly appeal: KeptAppeal;
  /** Null once it is shredded. */
  readonly text: string | null;
  readonly decision: Decision;
  /** For the other moderators. */
  readonly note: string | null;
  readonly of: Case;
  /** Nobody answers who had a part in the decision. */
  readonly mayAnswer: boolean;
}

/** The appeals that wait and that this member may see, whoever waited longest first. */
export async function readAppeals(
  records: Records,
  { by }: { readonly by: MemberId },
): Promise<Result<readonly WaitingAppeal[], 'not-allowed'>> {
  const member = await requireMember(records, by, 'appeal.decide');
  if (!member.ok) return member;
  const { roles } = member.value;
  const waiting = await readWaiting(records.appeals, async (appeal) => {
    const decision = await records.decisions.get(appeal.decision);
    const of = decision === null ? null : await records.cases.get(decision.case);
    if (decision === null || of === null || !maySee(roles, of)) return null;
    return {
      appeal,
      text: (await records.words.get('appeal', appeal.id))?.note ?? null,
      decision,
      note: await noteOf(records, decision.id),
      of,
      mayAnswer: !decision.deciders.includes(by) && may(roles, actionInLane('decide', of.lane)),
    };
  });
  return ok(waiting);
}

/**
 * What waits, the oldest first, as far as it is shown (`see` gives null where it is not): however
 * much waits that a member may not see, what they may see is not lost behind it.
 */
async function readWaiting<Id extends string, Entity extends { readonly id: Id }, Shown>(
  from: Collection<Id, Entity, { state: 'waiting' }>,
  see: (entity: Entity) => Promise<Shown | null>,
): Promise<readonly Shown[]> {
  const waiting: Shown[] = [];
  for (let skip = 0; ; skip += WAITING_READ_AT_ONCE) {
    const some = await from.find({ state: 'waiting' }, { limit: WAITING_READ_AT_ONCE, skip });
    for (const entity of some) {
      const shown = await see(entity);
      if (shown !== null) waiting.push(shown);
      if (waiting.length >= QUEUE_SHOWN_MAX) return waiting;
    }
    if (some.length < WAITING_READ_AT_ONCE) return waiting;
  }
}

function maySee(roles: readonly Role[], { lane }: Case): boolean {
  return may(roles, actionInLane('read', lane));
}
