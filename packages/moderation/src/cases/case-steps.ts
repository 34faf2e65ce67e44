import type { MemberId } from '@farandole/accounts/ids';
import type { Member } from '@farandole/accounts/member';
import { listMembers } from '@farandole/accounts/members';
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
import { isAppealed, openCaseOf, openFor } from './lookup.ts';
import { isCaseStep } from './well-formed.ts';

export type CaseStep =
  | { readonly event: 'assign' | 'release' }
  | { readonly event: 'escalate'; readonly to: EscalationTarget }
  | { readonly event: 'reopen'; readonly why: ReopenReason }
  | { readonly event: 'prioritise'; readonly imminent: boolean };

const ACTIONS: Readonly<Record<CaseStep['event'], Action>> = {
  assign: 'case.assign',
  release: 'case.assign',
  escalate: 'case.escalate',
  reopen: 'case.reopen',
  prioritise: 'case.prioritise',
};

export type StepRefusal =
  | CaseRefusal
  | 'not-allowed'
  | 'unknown'
  | 'malformed'
  /** The decision is appealed: the appeal's answer reviews it. */
  | 'appeal-waits'
  | 'another-open'
  /** Escalated to a role that the member lacks. */
  | 'for-another-role'
  /** No other member can receive it. */
  | 'nobody-there';

/** Moves a case by the case table, or sets its priority without changing the state. */
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
    const other = await openCaseOf(records, opened.value.of.subject);
    if (other !== null && other.id !== id) return refused('another-open');
  }
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
  // Hides a possible minor's case from others at once, even without a child-safety member.
  if (step.event === 'escalate' && step.to !== 'child-safety' && handedOn !== null) {
    if (!(await isSomebodyThere(records, moved.value, handedOn))) return refused('nobody-there');
  }
  await records.cases.put(moved.value);
  // From now on only child safety can read the reports' evidence.
  if (moved.value.lane !== opened.value.of.lane) await sealEvidenceOf(records, id);
  await records.audit.append({
    by,
    action: `case.${step.event}`,
    about: id,
    atMs: nowMs,
    details: { state: moved.value.state },
  });
  return moved;
}

function prioritise(before: Case, imminent: boolean): Result<Case, CaseRefusal> {
  return before.state === 'closed' ? refused('not-now') : ok({ ...before, imminent });
}

/**
 * Checks that a member may take the case. An escalated case belongs to its target role, also after
 * a release, and never to the member who escalated it; unless no other member of that role remains,
 * so that no case becomes unreachable.
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
