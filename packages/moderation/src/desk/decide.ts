import { ok, type Result, refused } from '@farandole/kernel/result';
import { actOfSanctions, answerApproval, withdrawApproval } from '../approval.ts';
import { type Case, type CaseRefusal, moveCase } from '../case-machine.ts';
import {
  checkDecision,
  type DecisionInput,
  type DecisionRefusal,
  ruleOfMeasure,
} from '../decision.ts';
import type { ApprovalId, CaseId, DecisionId, MemberId } from '../ids.ts';
import type {
  Decision,
  KeptApproval,
  KeptReport,
  NetworkScope,
  Proposal,
  Verdict,
} from '../kept.ts';
import {
  CASE_REPORTS_MAX,
  NETWORK_SANCTION_MS_MAX,
  WORDS_DECIDED_MS_MAX,
  WORDS_DECIDED_MS_MIN,
  WORDS_DISMISSED_MS,
  WORDS_UNDECIDED_MS,
} from '../limits.ts';
import type { Records } from '../records.ts';
import { actionInLane, may } from '../roles.ts';
import type { Sanction, SanctionScope } from '../sanction.ts';
import { anchorId } from './anchors.ts';
import { openFor } from './case-steps.ts';
import { sanctionIdOf, strikeIdOf } from './derived-ids.ts';
import { requireMember } from './members.ts';
import { setVerdict } from './people.ts';
import { keepPicturesUntil } from './pictures.ts';
import { allowMoreReveals } from './reveal-picture.ts';
import { othersThere } from './shared-network.ts';

export interface DecideInput {
  readonly case: CaseId;
  readonly by: MemberId;
  readonly decision: DecisionInput;
  /** Networks to keep out beside the subject and the device; mostly none. */
  readonly networks: readonly NetworkScope[];
  readonly freshDecision: DecisionId;
  readonly freshApproval: ApprovalId;
  readonly nowMs: number;
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
  /** Others, who are not suspended, came from the network. */
  | 'others-there';

type DecisionProposal = Extract<Proposal, { of: 'decision' }>;

/** A member's decision on the case that they hold. */
export async function decideCase(
  records: Records,
  input: DecideInput,
): Promise<Result<Decided, DecideRefusal>> {
  const { case: id, by, networks, freshDecision, freshApproval, nowMs } = input;
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
  const scopes = scopesOf(before, networks);
  const act = actOfSanctions(scopes, rule.secondPerson);
  const proposal: DecisionProposal = { of: 'decision', case: id, measure, reason, networks };
  if (act === null) {
    const moved = moveCase(before, { event: 'decide', by, decision: freshDecision }, nowMs);
    if (!moved.ok) return moved;
    const applied = await apply(records, moved.value, proposal, freshDecision, [by], nowMs);
    await keepNote(records, note, applied.decision);
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
  return ok({ decided: 'proposed', approval: freshApproval });
}

export type ApprovalOutcome =
  | { readonly answer: 'declined' }
  | { readonly answer: 'approved'; readonly of: 'roles' | 'reveals' }
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
  },
): Promise<
  Result<
    ApprovalOutcome,
    CaseRefusal | 'not-allowed' | 'unknown' | 'answered' | 'same-person' | 'others-there'
  >
> {
  const { approval: id, by, answer, freshDecision, nowMs } = input;
  const allowed = await requireMember(records, by, 'approval.give');
  if (!allowed.ok) return allowed;
  const before = await records.approvals.get(id);
  if (before === null) return refused('unknown');
  const answered = answerApproval(before, answer, allowed.value, nowMs);
  if (!answered.ok) return answered;
  const { proposal } = before;
  if (proposal.of === 'roles' && proposal.member === by) return refused('same-person');
  if (proposal.of === 'reveals' && !may(allowed.value.roles, 'evidence.allow-more')) {
    return refused('not-allowed');
  }
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
  // Somebody may have come since it was proposed.
  const isLate =
    answer === 'approved' && (await isShared(records, opened.value.of, proposal.networks, nowMs));
  if (isLate) return refused('others-there');
  const event =
    answer === 'approved'
      ? ({ event: 'approve', by, approval: id, decision: freshDecision } as const)
      : ({ event: 'decline', by, approval: id } as const);
  const moved = moveCase(opened.value.of, event, nowMs);
  if (!moved.ok) return moved;
  if (answer === 'declined') {
    await records.cases.put(moved.value);
    return ok({ answer });
  }
  const deciders = [before.by, by];
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

/** Whoever decided takes it back, within the time that the table of steps allows. */
export async function undoDecision(
  records: Records,
  input: { readonly case: CaseId; readonly by: MemberId; readonly nowMs: number },
): Promise<Result<Case, CaseRefusal | 'not-allowed' | 'unknown'>> {
  const { case: id, by, nowMs } = input;
  const opened = await openFor(records, id, by, 'case.decide');
  if (!opened.ok) return opened;
  const before = opened.value.of;
  const moved = moveCase(before, { event: 'undo', by }, nowMs);
  if (!moved.ok) return moved;
  if (before.state !== 'closed') return refused('not-now');
  await records.cases.put(moved.value);
  await reverseDecision(records, before.decision, 'waiting', nowMs);
  await records.audit.append({ by, action: 'decision.undo', about: id, atMs: nowMs, details: {} });
  return moved;
}

/**
 * Takes back all that a decision did: its sanctions, its strike, and what people made of the reports.
 */
export async function reverseDecision(
  records: Records,
  id: DecisionId,
  verdict: Verdict,
  nowMs: number,
): Promise<void> {
  const decision = await records.decisions.get(id);
  if (decision === null || decision.reversedAtMs !== null) return;
  await records.decisions.put({ ...decision, reversedAtMs: nowMs });
  for (const sanction of await sanctionsOf(records, id)) {
    await records.sanctions.put({ ...sanction, liftedAtMs: sanction.liftedAtMs ?? nowMs });
  }
  for (const strike of await records.strikes.find({ decision: id }, { limit: 10 })) {
    await records.strikes.put({ ...strike, reversedAtMs: nowMs });
  }
  for (const report of await reportsOf(records, decision.case)) {
    await setVerdict(records, report, verdict, nowMs);
    if (verdict === 'waiting') {
      await records.words.keepUntil('report', report.id, nowMs + WORDS_UNDECIDED_MS);
    }
  }
  if (verdict === 'waiting') {
    await keepPicturesUntil(records, decision.case, nowMs + WORDS_UNDECIDED_MS);
  }
}

export async function sanctionsOf(records: Records, id: DecisionId): Promise<readonly Sanction[]> {
  return await records.sanctions.find({ decision: id }, { limit: 100 });
}

export async function reportsOf(records: Records, id: CaseId): Promise<readonly KeptReport[]> {
  return await records.reports.find({ case: id }, { limit: CASE_REPORTS_MAX, newestFirst: true });
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

function scopesOf(of: Case, networks: readonly NetworkScope[]): readonly SanctionScope[] {
  return [
    { scope: 'subject', subject: of.subject },
    ...(of.device === null ? [] : [{ scope: 'device', device: of.device } as const]),
    ...networks,
  ];
}

/** All of a decision, in the one transaction: it, its sanctions, its strike, the reports, the hold. */
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
  };
  await records.cases.put(closed);
  await records.decisions.put(decision);
  const { restriction } = rule;
  const sanctions: readonly Sanction[] =
    restriction === null
      ? []
      : scopesOf(closed, networks).map((on, index) => ({
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
  const verdict = measure === 'dismiss' ? 'rejected' : 'upheld';
  const wordsUntilMs = nowMs + wordsKeptMs(decision);
  for (const report of await reportsOf(records, ofCase)) {
    await setVerdict(records, report, verdict, nowMs);
    await records.words.keepUntil('report', report.id, wordsUntilMs);
  }
  await keepPicturesUntil(records, ofCase, wordsUntilMs);
  // A person has looked now, which is all that a hold waits for.
  const person = await records.people.get(subject);
  if (person?.hold?.case === ofCase && person.hold.endsAtMs > nowMs) {
    await records.people.put({ ...person, hold: { ...person.hold, endsAtMs: nowMs } });
  }
  await records.audit.append({
    by: deciders.at(-1) ?? 'operator',
    action: 'case.decide',
    about: ofCase,
    atMs: nowMs,
    details: { decision: id, measure, reason, endsAtMs },
  });
  return { decision, sanctions };
}

/** The earlier of two ends, of which the first may be none. */
export function earlier(endsAtMs: number | null, otherMs: number): number {
  return endsAtMs === null ? otherMs : Math.min(endsAtMs, otherMs);
}

async function keepNote(records: Records, note: string, decision: Decision): Promise<void> {
  if (note === '') return;
  const untilMs = decision.atMs + wordsKeptMs(decision);
  await records.words.put('decision', decision.id, { note, lines: [] }, untilMs);
}

function wordsKeptMs({ measure, atMs, endsAtMs }: Decision): number {
  if (measure === 'dismiss') return WORDS_DISMISSED_MS;
  const isEndless = endsAtMs === null && ruleOfMeasure(measure).restriction !== null;
  const lastsMs = isEndless ? Number.POSITIVE_INFINITY : (endsAtMs ?? atMs) - atMs;
  return Math.min(WORDS_DECIDED_MS_MAX, Math.max(WORDS_DECIDED_MS_MIN, lastsMs));
}
