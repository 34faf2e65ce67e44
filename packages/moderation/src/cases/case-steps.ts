import type { MemberId } from '@farandole/accounts/ids';
import type { Member } from '@farandole/accounts/member';
import { listMembers } from '@farandole/accounts/members';
import { appendAudit } from '@farandole/accounts/records';
import { type Action, may } from '@farandole/accounts/roles';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { CaseId } from '../ids.ts';
import { actionInQueue } from '../reports/queue-name.ts';
import type { Records } from '../store/records.ts';
import {
  type Case,
  type CaseRefusal,
  type EscalationTarget,
  type HandedOn,
  moveCase,
  type ReopenReason,
} from './case-machine.ts';
import { sealEvidenceOf } from './decided.ts';
import { joinCases } from './join-cases.ts';
import { isAppealed, openCaseIn, openFor, openInsteadOf } from './lookup.ts';
import { moveToSealed } from './safeguard.ts';
import { isCaseStep } from './well-formed.ts';

export type CaseStep =
  | { readonly event: 'assign' | 'release' }
  | { readonly event: 'escalate'; readonly to: EscalationTarget }
  | { readonly event: 'reopen'; readonly why: ReopenReason }
  | { readonly event: 'prioritise'; readonly imminent: boolean }
  /** Moves the case into the subject's open child-safety case. */
  | { readonly event: 'safeguard' };

const ACTIONS: Readonly<Record<CaseStep['event'], Action>> = {
  assign: 'case.assign',
  release: 'case.assign',
  escalate: 'case.escalate',
  reopen: 'case.reopen',
  prioritise: 'case.prioritise',
  safeguard: 'case.decide-child-safety',
};

export type StepRefusal =
  | CaseRefusal
  | 'not-allowed'
  | 'unknown'
  | 'malformed'
  /** An appeal against the decision waits, so its answer must review the decision. */
  | 'appeal-waits'
  | 'another-open'
  /** The case was escalated to a role that the member doesn't have. */
  | 'for-another-role'
  /** No other member has the role to which the case would be escalated. */
  | 'nobody-there';

/** Applies an event of the case table, or sets a case's priority without changing its state. */
export async function stepCase(
  records: Records,
  input: {
    readonly case: CaseId;
    readonly by: MemberId;
    readonly step: CaseStep;
    readonly nowMs: number;
  },
): Promise<Result<Case, StepRefusal>> {
  const { case: id, by, step, nowMs } = input;
  if (!isCaseStep(step)) return refused('malformed');
  const opened = await openFor(records, id, by, ACTIONS[step.event]);
  if (!opened.ok) return opened;
  if (step.event === 'reopen') {
    if (await isAppealed(records, id)) return refused('appeal-waits');
    const others = await openInsteadOf(records, opened.value.of);
    if (others.length > 0) return refused('another-open');
  }
  if (step.event === 'safeguard') return await moveToSealed(records, opened.value.of, by, nowMs);
  const before =
    step.event === 'assign'
      ? await inTheirHands(records, opened.value.of, opened.value.member)
      : ok(opened.value.of);
  if (!before.ok) return before;
  const moved =
    step.event === 'prioritise'
      ? prioritise(before.value, step.imminent)
      : moveCase(before.value, { ...step, by }, nowMs);
  if (!moved.ok) return moved;
  const { handedOn } = moved.value;
  // Doesn't check for another member here, so that a case that may involve a minor leaves the
  // other queues at once, even if no member has the child-safety role.
  if (step.event === 'escalate' && step.to !== 'child-safety' && handedOn !== null) {
    if (!(await isSomebodyThere(records, moved.value, handedOn))) return refused('nobody-there');
  }
  const isSealed = moved.value.lane !== opened.value.of.lane;
  const sealed = isSealed ? await openCaseIn(records, moved.value.subject, 'child-safety') : null;
  if (sealed === null) {
    await records.cases.put(moved.value);
    // From now on only members with the child-safety role can read the evidence of the reports.
    if (isSealed) await sealEvidenceOf(records, id);
  } else {
    await joinCases(records, moved.value, sealed, by, nowMs);
  }
  await appendAudit(records, { by, nowMs }, `case.${step.event}`, id, { state: moved.value.state });
  return moved;
}

function prioritise(before: Case, imminent: boolean): Result<Case, CaseRefusal> {
  return before.state === 'closed' ? refused('not-now') : ok({ ...before, imminent });
}

/**
 * Checks that a member may take the case. An escalated case may be taken only by the role that
 * it was escalated to, also after a release, and never by the member who escalated it. If no
 * other member has that role, the check passes, so that no case becomes unreachable.
 */
export async function inTheirHands(
  records: Records,
  of: Case,
  member: Member,
): Promise<Result<Case, 'for-another-role' | 'same-person'>> {
  const { handedOn } = of;
  if (handedOn === null || isFor(of, handedOn, member)) return ok(of);
  if (!(await isSomebodyThere(records, of, handedOn))) return ok({ ...of, handedOn: null });
  return refused(handedOn.by === member.id ? 'same-person' : 'for-another-role');
}

async function isSomebodyThere(records: Records, of: Case, handedOn: HandedOn): Promise<boolean> {
  return (await listMembers(records)).some((member) => isFor(of, handedOn, member));
}

function isFor({ lane }: Case, { by, to }: HandedOn, { id, roles, leftAtMs }: Member): boolean {
  return (
    leftAtMs === null && id !== by && roles.includes(to) && may(roles, actionInQueue('read', lane))
  );
}
