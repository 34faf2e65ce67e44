import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import { appendAudit } from '@farandole/accounts/records';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { ApprovalId, CaseId, DecisionId } from '../ids.ts';
import { SUSPENSION_MS_MAX, TEXT_UNDECIDED_MS } from '../limits.ts';
import { actionInQueue } from '../reports/queue-name.ts';
import type { Records } from '../store/records.ts';
import type { NetworkScope, Proposal } from '../store/stored.ts';
import type { Via } from '../store/via.ts';
import { anchorId } from '../trust/networks.ts';
import { personOf } from '../trust/people.ts';
import { type AppliedDecision, applyDecision, isShared, scopesOf } from './apply-decision.ts';
import { actOfDecision } from './approval.ts';
import { type Case, type CaseRefusal, moveCase } from './case-machine.ts';
import {
  checkDecision,
  type DecisionInput,
  type DecisionRefusal,
  ruleOfMeasure,
} from './decision.ts';
import { openFor, standingIn } from './lookup.ts';
import { keepSample } from './quality-sample.ts';
import { isAppealedFrom } from './reverse.ts';
import { isSuspended } from './suspension.ts';
import { areNetworks, isDecisionInput } from './well-formed.ts';

export interface DecideInput {
  readonly case: CaseId;
  readonly by: MemberId;
  readonly decision: DecisionInput;
  /** Networks to ban in addition to the subject and the device. Usually empty. */
  readonly networks: readonly NetworkScope[];
  readonly freshDecision: DecisionId;
  readonly freshApproval: ApprovalId;
  readonly nowMs: number;
  /** Unpredictable seed that selects dismissals for a second review. Absent: none is selected. */
  readonly sampleSeed?: string;
  readonly via?: Via;
}

export type Decided =
  | (AppliedDecision & { readonly decided: 'now' })
  | { readonly decided: 'proposed'; readonly approval: ApprovalId };

export type DecideRefusal =
  | CaseRefusal
  | DecisionRefusal
  | 'not-allowed'
  | 'unknown'
  | 'malformed'
  /** Other users who aren't suspended used the network, so it can't be banned. */
  | 'others-there';

export async function decideCase(
  records: Records,
  input: DecideInput,
): Promise<Result<Decided, DecideRefusal>> {
  const { case: id, by, networks, freshDecision, freshApproval, nowMs } = input;
  if (!isDecisionInput(input.decision) || !areNetworks(networks)) return refused('malformed');
  const before = await records.cases.get(id);
  if (before === null) return refused('unknown');
  const opened = await openFor(records, id, by, actionInQueue('decide', before.lane));
  if (!opened.ok) return opened;
  if (networks.length > 0) {
    const allowed = await requireMember(records, by, 'sanction.network');
    if (!allowed.ok) return allowed;
    if (!(await cameFrom(records, before, networks))) return refused('unknown');
    if (await isShared(records, before, networks, nowMs)) return refused('others-there');
  }
  const checked = checkDecision(input.decision);
  if (!checked.ok) return checked;
  const { measure, reason, note, finding } = checked.value;
  const rule = ruleOfMeasure(measure);
  const standing = await standingIn(records, id);
  if (await isAppealedFrom(records, standing, [by])) return refused('same-person');
  const act = actOfDecision(scopesOf(before, [], networks), rule.secondPerson, standing);
  const proposal: Proposal<'decision'> = {
    ...{ of: 'decision', case: id, measure, reason, networks },
    ...(finding !== undefined && { finding }),
  };
  if (act === null) {
    const moved = moveCase(before, { event: 'decide', by, decision: freshDecision }, nowMs);
    if (!moved.ok) return moved;
    const made = { id: freshDecision, deciders: [by], note, nowMs };
    const applied = await applyDecision(records, moved.value, proposal, made);
    if (input.sampleSeed !== undefined) {
      await keepSample(records, moved.value, applied.decision, input.sampleSeed);
    }
    return ok({ decided: 'now', ...applied });
  }
  if (rule.secondPerson) {
    const allowed = await requireMember(records, by, 'sanction.permanent');
    if (!allowed.ok) return allowed;
  }
  const moved = moveCase(before, { event: 'propose', by, approval: freshApproval }, nowMs);
  if (!moved.ok) return moved;
  await records.cases.put(moved.value);
  await records.approvals.put({
    id: freshApproval,
    act,
    by,
    atMs: nowMs,
    state: 'waiting',
    proposal,
    ...(input.via !== undefined && { via: input.via }),
  });
  // Stores the note under the approval's id until the proposal is answered.
  await records.words.put(
    'decision',
    freshApproval,
    { note, lines: [] },
    nowMs + TEXT_UNDECIDED_MS,
  );
  const details = { approval: freshApproval, measure, reason, act };
  await appendAudit(records, { by, nowMs }, 'decision.propose', id, details);
  if (rule.restriction === 'suspended') await suspendUntilAnswered(records, before, by, nowMs);
  return ok({ decided: 'proposed', approval: freshApproval });
}

/**
 * Suspends the subject for at most `SUSPENSION_MS_MAX` while the proposal waits, which one
 * member alone may also do.
 */
async function suspendUntilAnswered(
  records: Records,
  { id, subject }: Case,
  by: MemberId,
  nowMs: number,
): Promise<void> {
  const person = await personOf(records, subject, nowMs);
  if (isSuspended(person.hold, nowMs)) return;
  const untilMs = nowMs + SUSPENSION_MS_MAX;
  const hold = { subject, case: id, startsAtMs: nowMs, endsAtMs: untilMs };
  await records.people.put({ ...person, hold });
  await appendAudit(records, { by, nowMs }, 'subject.hold', id, { untilMs });
}

async function cameFrom(
  records: Records,
  { subject }: Case,
  networks: readonly NetworkScope[],
): Promise<boolean> {
  for (const { prefix, family, bits } of networks) {
    const anchor = await records.anchors.get(anchorId(subject, prefix));
    if (anchor?.family !== family || anchor.bits !== bits) return false;
  }
  return true;
}
