import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import type { DeviceKeyId } from '@farandole/kernel/id';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { allowMoreReveals } from '../evidence/reveal-picture.ts';
import { agreeOnSealed } from '../evidence/unseal.ts';
import type { ApprovalId, CaseId, DecisionId } from '../ids.ts';
import { HOLD_MS_MAX, NETWORK_SANCTION_MS_MAX, WORDS_UNDECIDED_MS } from '../limits.ts';
import { finishErasure } from '../privacy/own-data.ts';
import { actionInLane } from '../reports/lane.ts';
import { verdictOfBreach } from '../reports/verdict.ts';
import { sanctionIdOf, strikeIdOf } from '../store/derived-ids.ts';
import type { Decision, KeptApproval, NetworkScope, Proposal } from '../store/kept.ts';
import type { Records } from '../store/records.ts';
import type { Via } from '../store/via.ts';
import { anchorId } from '../trust/anchors.ts';
import { personOf, recountClean, setVerdict } from '../trust/people.ts';
import { othersThere } from '../trust/shared-network.ts';
import { actOfDecision, answerApproval, withdrawApproval } from './approval.ts';
import { type Case, type CaseRefusal, moveCase } from './case-machine.ts';
import { openFor } from './case-steps.ts';
import {
  devicesOf,
  keepEvidence,
  reportsOf,
  standingIn,
  verdictsOfNoBreach,
  wordsKeptUntilMs,
} from './decided.ts';
import {
  checkDecision,
  type DecisionInput,
  type DecisionRefusal,
  ruleOfMeasure,
} from './decision.ts';
import { factsOf } from './decision-facts.ts';
import { isHeld } from './hold.ts';
import { mayAnswer } from './may-answer.ts';
import { keepSample } from './quality-sample.ts';
import { isAppealedFrom, replaceDecisions } from './reverse.ts';
import type { Sanction, SanctionScope } from './sanction.ts';
import { areNetworks, isApprovalAnswer, isDecisionInput } from './well-formed.ts';

export interface DecideInput {
  readonly case: CaseId;
  readonly by: MemberId;
  readonly decision: DecisionInput;
  /** Networks to keep out beside the subject and the device; mostly none. */
  readonly networks: readonly NetworkScope[];
  readonly freshDecision: DecisionId;
  readonly freshApproval: ApprovalId;
  readonly nowMs: number;
  /** What nobody knows before: by it some of what is dismissed is kept for another's look. Without it none is. */
  readonly sampleSeed?: string;
  readonly via?: Via;
}

/** Either it holds from now on, or it waits for a second person. */
export type Decided =
  | {
      readonly decided: 'now';
      readonly decision: Decision;
      readonly sanctions: readonly Sanction[];
    }
  | { readonly decided: 'proposed'; readonly approval: ApprovalId };

export type DecideRefusal =
  | CaseRefusal
  | DecisionRefusal
  | 'not-allowed'
  | 'unknown'
  | 'malformed'
  /** Others, who are not suspended, came from the network. */
  | 'others-there';

type DecisionProposal = Extract<Proposal, { of: 'decision' }>;

/** A member's decision on the case that they hold. */
export async function decideCase(
  records: Records,
  input: DecideInput,
): Promise<Result<Decided, DecideRefusal>> {
  const { case: id, by, networks, freshDecision, freshApproval, nowMs } = input;
  if (!isDecisionInput(input.decision) || !areNetworks(networks)) return refused('malformed');
  const before = await records.cases.get(id);
  if (before === null) return refused('unknown');
  const opened = await openFor(records, id, by, actionInLane('decide', before.lane));
  if (!opened.ok) return opened;
  if (networks.length > 0) {
    const allowed = await requireMember(records, by, 'sanction.network');
    if (!allowed.ok) return allowed;
    if (!(await cameFrom(records, before, networks))) return refused('unknown');
    if (await isShared(records, before, networks, nowMs)) return refused('others-there');
  }
  const checked = checkDecision(input.decision);
  if (!checked.ok) return checked;
  const { measure, reason, note } = checked.value;
  const rule = ruleOfMeasure(measure);
  const standing = await standingIn(records, id);
  if (await isAppealedFrom(records, standing, [by])) return refused('same-person');
  const act = actOfDecision(scopesOf(before, [], networks), rule.secondPerson, standing);
  const proposal: DecisionProposal = { of: 'decision', case: id, measure, reason, networks };
  if (act === null) {
    const moved = moveCase(before, { event: 'decide', by, decision: freshDecision }, nowMs);
    if (!moved.ok) return moved;
    const applied = await apply(records, moved.value, proposal, freshDecision, [by], nowMs);
    await keepNote(records, note, applied.decision);
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
  // The note is kept with the approval's id until there is a decision.
  await records.words.put(
    'decision',
    freshApproval,
    { note, lines: [] },
    nowMs + WORDS_UNDECIDED_MS,
  );
  await records.audit.append({
    by,
    action: 'decision.propose',
    about: id,
    atMs: nowMs,
    details: { approval: freshApproval, measure, reason, act },
  });
  if (rule.restriction === 'suspended') await holdMeanwhile(records, before, by, nowMs);
  return ok({ decided: 'proposed', approval: freshApproval });
}

/**
 * Nobody meets the subject of a proposal while the second person is waited for, within what software
 * may do by itself: one member alone could have suspended them for longer.
 */
async function holdMeanwhile(
  records: Records,
  { id, subject }: Case,
  by: MemberId,
  nowMs: number,
): Promise<void> {
  const person = await personOf(records, subject, nowMs);
  if (isHeld(person.hold, nowMs)) return;
  const untilMs = nowMs + HOLD_MS_MAX;
  const hold = { subject, case: id, startsAtMs: nowMs, endsAtMs: untilMs };
  await records.people.put({ ...person, hold });
  await records.audit.append({
    by,
    action: 'subject.hold',
    about: id,
    atMs: nowMs,
    details: { untilMs },
  });
}

/** A proposal came to nothing: so does the hold that it brought, and no other. */
async function endHoldOf(
  records: Records,
  { atMs }: KeptApproval,
  { id, subject }: Case,
): Promise<void> {
  const person = await records.people.get(subject);
  if (person?.hold?.case !== id || person.hold.startsAtMs !== atMs) return;
  await records.people.put({ ...person, hold: null });
}

export type ApprovalOutcome =
  | { readonly answer: 'declined' }
  | { readonly answer: 'approved'; readonly of: Exclude<Proposal['of'], 'decision'> }
  | {
      readonly answer: 'approved';
      readonly of: 'decision';
      readonly decision: Decision;
      readonly sanctions: readonly Sanction[];
    };

/** A second person's answer, and all that follows from it. */
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
    /** Both halves came from the machine itself: nobody knows that they were two people. */
    | 'operator-alone'
    | CaseRefusal
    | 'not-allowed'
    | 'unknown'
    | 'malformed'
    | 'answered'
    | 'same-person'
    | 'others-there'
    /** Of what is sealed: it is kept no more, or somebody still needs it. */
    | 'expired'
    | 'appeal-waits'
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
  if (proposal.of === 'roles' && proposal.member === by) return refused('same-person');
  if (!mayAnswer(allowed.value.roles, proposal)) return refused('not-allowed');
  const approval: KeptApproval = { ...answered.value, proposal };
  await records.approvals.put(approval);
  await records.audit.append({
    by,
    action: `approval.${answer}`,
    about: id,
    atMs: nowMs,
    details: { act: before.act },
  });
  if (proposal.of === 'roles') {
    if (answer === 'declined') return ok({ answer });
    const member = await records.members.get(proposal.member);
    if (member === null || member.leftAtMs !== null) return refused('unknown');
    await records.members.put({ ...member, roles: proposal.roles });
    return ok({ answer, of: 'roles' });
  }
  if (proposal.of === 'reveals') {
    if (answer === 'declined') return ok({ answer });
    await allowMoreReveals(records, { member: proposal.member, by, nowMs });
    return ok({ answer, of: 'reveals' });
  }
  const opened = await openFor(records, proposal.case, by, 'approval.give');
  if (!opened.ok) return opened;
  if (proposal.of !== 'decision') {
    if (answer === 'declined') return ok({ answer });
    const { of } = opened.value;
    const agreed = await agreeOnSealed(records, before, proposal, { by, of, nowMs });
    return agreed.ok ? ok({ answer, of: proposal.of }) : agreed;
  }
  // Somebody may have come since it was proposed.
  const isLate =
    answer === 'approved' && (await isShared(records, opened.value.of, proposal.networks, nowMs));
  if (isLate) return refused('others-there');
  const deciders = [before.by, by];
  // The subject may have appealed since then.
  const standing = answer === 'approved' ? await standingIn(records, proposal.case) : [];
  if (await isAppealedFrom(records, standing, deciders)) return refused('same-person');
  const event =
    answer === 'approved'
      ? ({ event: 'approve', by, approval: id, decision: freshDecision } as const)
      : ({ event: 'decline', by, approval: id } as const);
  const moved = moveCase(opened.value.of, event, nowMs);
  if (!moved.ok) return moved;
  if (answer === 'declined') {
    await records.cases.put(moved.value);
    await records.words.shred('decision', id);
    await endHoldOf(records, before, moved.value);
    return ok({ answer });
  }
  const applied = await apply(records, moved.value, proposal, freshDecision, deciders, nowMs);
  const words = await records.words.get('decision', id);
  await records.words.shred('decision', id);
  await keepNote(records, words?.note ?? '', applied.decision);
  return ok({ answer, of: 'decision', ...applied });
}

/** Whoever asked for a second person takes it back; the case waits for somebody again. */
export async function withdrawProposal(
  records: Records,
  input: { readonly approval: ApprovalId; readonly by: MemberId; readonly nowMs: number },
): Promise<Result<KeptApproval, CaseRefusal | 'not-allowed' | 'unknown' | 'answered'>> {
  const { approval: id, by, nowMs } = input;
  const member = await records.members.get(by);
  if (member === null || member.leftAtMs !== null) return refused('not-allowed');
  const before = await records.approvals.get(id);
  if (before === null) return refused('unknown');
  const { proposal } = before;
  const withdrawn = withdrawApproval(before, by, nowMs);
  if (!withdrawn.ok) return withdrawn;
  if (proposal.of === 'decision') {
    const of = await records.cases.get(proposal.case);
    if (of === null) return refused('unknown');
    const moved = moveCase(of, { event: 'withdraw', by, approval: id }, nowMs);
    if (!moved.ok) return moved;
    await records.cases.put(moved.value);
    await endHoldOf(records, before, moved.value);
    await records.words.shred('decision', id);
  }
  const approval: KeptApproval = { ...withdrawn.value, proposal };
  await records.approvals.put(approval);
  await records.audit.append({
    by,
    action: 'approval.withdraw',
    about: id,
    atMs: nowMs,
    details: { act: before.act },
  });
  return ok(approval);
}

/** Whether the subject of a case is known to have come from each of the networks, as they are told. */
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

async function isShared(
  records: Records,
  { subject }: Case,
  networks: readonly NetworkScope[],
  nowMs: number,
): Promise<boolean> {
  for (const { prefix } of networks) {
    if ((await othersThere(records, prefix, subject, nowMs)) > 0) return true;
  }
  return false;
}

function scopesOf(
  { subject }: Case,
  devices: readonly DeviceKeyId[],
  networks: readonly NetworkScope[],
): readonly SanctionScope[] {
  return [
    { scope: 'subject', subject },
    ...devices.map((device) => ({ scope: 'device', device }) as const),
    ...networks,
  ];
}

/**
 * All of a decision, in the one transaction: it, its sanctions, its strike, the reports, the hold, and
 * the end of what stood in the case until now.
 */
async function apply(
  records: Records,
  closed: Case,
  { measure, reason, networks }: DecisionProposal,
  id: DecisionId,
  deciders: readonly MemberId[],
  nowMs: number,
): Promise<{ readonly decision: Decision; readonly sanctions: readonly Sanction[] }> {
  const rule = ruleOfMeasure(measure);
  const endsAtMs = rule.lastsMs === null ? null : nowMs + rule.lastsMs;
  const { id: ofCase, subject } = closed;
  const standing = await standingIn(records, ofCase);
  const reports = await reportsOf(records, ofCase);
  const facts = await factsOf(records, closed, { by: deciders, reports, standing, nowMs });
  const person = await records.people.get(subject);
  const hold = person?.hold?.case === ofCase && isHeld(person.hold, nowMs) ? person.hold : null;
  const decision: Decision = {
    id,
    case: ofCase,
    subject,
    measure,
    reason,
    deciders,
    atMs: nowMs,
    endsAtMs,
    reversedAtMs: null,
    replacedBy: null,
    ended: {
      holdUntilMs: hold?.endsAtMs ?? null,
      sanctions: await replaceDecisions(records, standing, id, nowMs),
    },
    facts,
  };
  await records.cases.put(closed);
  await records.decisions.put(decision);
  // A person has looked now, which is all that a hold waits for.
  if (person !== null && hold !== null) {
    await records.people.put({ ...person, hold: { ...hold, endsAtMs: nowMs } });
  }
  const { restriction } = rule;
  const sanctions: readonly Sanction[] =
    restriction === null
      ? []
      : scopesOf(closed, devicesOf(closed, reports), networks).map((on, index) => ({
          id: sanctionIdOf(id, index),
          decision: id,
          on,
          restriction,
          startsAtMs: nowMs,
          endsAtMs:
            on.scope === 'prefix' ? earlier(endsAtMs, nowMs + NETWORK_SANCTION_MS_MAX) : endsAtMs,
          liftedAtMs: null,
        }));
  for (const sanction of sanctions) await records.sanctions.put(sanction);
  if (rule.strike) {
    await records.strikes.put({
      id: strikeIdOf(id),
      subject,
      decision: id,
      atMs: nowMs,
      reversedAtMs: null,
    });
  }
  const verdictOf =
    measure === 'dismiss' ? await verdictsOfNoBreach(records, ofCase) : verdictOfBreach;
  for (const report of reports) {
    const before = { ...report, verdictBefore: report.verdict };
    if (report.verdictBefore !== report.verdict) await records.reports.put(before);
    await setVerdict(records, before, verdictOf(report), nowMs);
  }
  await recountClean(records, subject);
  await keepEvidence(records, ofCase, reports, () => wordsKeptUntilMs(decision));
  await finishErasure(records, subject, nowMs);
  await records.audit.append({
    by: deciders.at(-1) ?? 'operator',
    action: 'case.decide',
    about: ofCase,
    atMs: nowMs,
    details: { decision: id, measure, reason, endsAtMs, replaces: standing[0]?.id ?? null },
  });
  return { decision, sanctions };
}

/** The earlier of two ends, of which the first may be none. */
export function earlier(endsAtMs: number | null, otherMs: number): number {
  return endsAtMs === null ? otherMs : Math.min(endsAtMs, otherMs);
}

async function keepNote(records: Records, note: string, decision: Decision): Promise<void> {
  if (note === '') return;
  const untilMs = wordsKeptUntilMs(decision);
  await records.words.put('decision', decision.id, { note, lines: [] }, untilMs);
}
