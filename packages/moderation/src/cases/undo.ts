import type { MemberId } from '@farandole/accounts/ids';
import { appendAudit } from '@farandole/accounts/records';
import { may } from '@farandole/accounts/roles';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { reopenMeasureAppeal } from '../appeals/measure-appeals.ts';
import type { CaseId } from '../ids.ts';
import { TEXT_DECIDED_MS_MAX, TEXT_UNDECIDED_MS } from '../limits.ts';
import { actionInQueue } from '../reports/queue-name.ts';
import { isMadeUp } from '../reports/verdict.ts';
import type { Records } from '../store/records.ts';
import type { Decision } from '../store/stored.ts';
import { personOf, recount, setVerdict } from '../trust/people.ts';
import { type Case, type CaseRefusal, moveCase } from './case-machine.ts';
import { keepEvidence, neededUntilMs } from './decided.ts';
import { joinCases } from './join-cases.ts';
import { decisionsIn, openFor, openInsteadOf, reportsOf, subjectAppealOf } from './lookup.ts';
import { endEffects } from './reverse.ts';
import { joinSealed, waitsForSecond } from './safeguard.ts';
import { isSuspended } from './suspension.ts';

/**
 * Undoes a decision and reopens its case.
 *
 * @returns the case that now contains the reports, which is another one if the subject got an
 * open case since the decision
 */
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
  const decision = before.state === 'closed' ? await records.decisions.get(before.decision) : null;
  // An appeal may already have overturned the decision. Then nothing is left to undo.
  if (decision === null || decision.reversedAtMs !== null) return refused('not-now');
  // The subject may have got other open cases since the decision.
  const others = await openInsteadOf(records, before);
  if (others.length > 1 && others.every(waitsForSecond)) return refused('awaits-approval');
  const [other = null, ordinary = null] = others;
  if (other === null) await records.cases.put(moved.value);
  await endEffects(records, decision, nowMs);
  await records.decisions.put({ ...decision, reversedAtMs: nowMs });
  await giveBack(records, decision, nowMs);
  await reopenMeasureAppeal(records, decision);
  await appendAudit(records, { by, nowMs }, 'decision.undo', id);
  if (other === null) return moved;
  const one = await joinCases(records, moved.value, other, by, nowMs);
  const both = ordinary === null ? null : await joinSealed(records, ordinary, one, by, nowMs);
  const joined = both ?? one;
  // Returns the case only to members who may read it.
  return may(opened.value.member.roles, actionInQueue('read', joined.lane)) ? ok(joined) : moved;
}

/** Restores what the decision had ended: an earlier decision, verdicts, and a suspension. */
async function giveBack(records: Records, undone: Decision, nowMs: number): Promise<void> {
  const { case: of, subject, ended } = undone;
  const others = (await decisionsIn(records, of)).filter(({ id }) => id !== undone.id);
  for (const decision of others) {
    if (decision.replacedBy !== undone.id) continue;
    await records.decisions.put({ ...decision, reversedAtMs: null, replacedBy: null });
    for (const strike of await records.strikes.find({ decision: decision.id }, { limit: 10 })) {
      await records.strikes.put({ ...strike, reversedAtMs: null });
    }
    const appeal = await subjectAppealOf(records, decision.id);
    if (appeal?.state === 'moot') {
      const { mootAtMs: _, ...rest } = appeal;
      const { id, atMs } = rest;
      await records.appeals.put({ ...rest, state: 'waiting' });
      await records.words.keepUntil('appeal', id, atMs + TEXT_DECIDED_MS_MAX);
      const untilMs = await neededUntilMs(records, decision);
      await records.words.keepUntil('decision', decision.id, untilMs);
    }
  }
  for (const id of ended.sanctions) {
    const sanction = await records.sanctions.get(id);
    if (sanction !== null) await records.sanctions.put({ ...sanction, liftedAtMs: null });
  }
  const reports = await reportsOf(records, of);
  for (const report of reports) {
    const { verdictBefore: verdict, againstBefore: against = 0 } = report;
    await setVerdict(records, report, { verdict, against }, nowMs);
  }
  await recount(records, subject, nowMs);
  let untilMs = 0;
  for (const one of others) untilMs = Math.max(untilMs, await neededUntilMs(records, one));
  await keepEvidence(records, of, reports, (report) =>
    report.verdictBefore === 'waiting' || isMadeUp(report) ? nowMs + TEXT_UNDECIDED_MS : untilMs,
  );
  const { holdUntilMs } = ended;
  if (holdUntilMs === null) return;
  const person = await personOf(records, subject, nowMs);
  // Creates a new suspension if the user's record was erased.
  const hold = person.hold ?? { subject, case: of, startsAtMs: undone.atMs, endsAtMs: undone.atMs };
  // Keeps a new suspension that another case caused.
  if (hold.case !== of || isSuspended(hold, nowMs)) return;
  await records.people.put({
    ...person,
    hold: { ...hold, endsAtMs: holdUntilMs },
    ...(person.hold === null && { erasureAskedAtMs: nowMs }),
  });
}
