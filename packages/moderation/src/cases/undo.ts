import type { MemberId } from '@farandole/accounts/ids';
import { may } from '@farandole/accounts/roles';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { CaseId } from '../ids.ts';
import { TEXT_DECIDED_MS_MAX, TEXT_UNDECIDED_MS } from '../limits.ts';
import { actionInQueue } from '../reports/queue-name.ts';
import { isMadeUp } from '../reports/verdict.ts';
import type { Records } from '../store/records.ts';
import type { Decision } from '../store/stored.ts';
import { personOf, recountClean, setVerdict } from '../trust/people.ts';
import { type Case, type CaseRefusal, moveCase } from './case-machine.ts';
import { keepEvidence, neededUntilMs } from './decided.ts';
import { joinCases } from './join-cases.ts';
import { decisionsIn, openCaseOf, openFor, reportsOf, subjectAppealOf } from './lookup.ts';
import { endEffects } from './reverse.ts';
import { isSuspended } from './suspension.ts';

/** @returns the case that now has the reports: another one if one was opened since */
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
  // An appeal may have overturned it: nothing is left to undo.
  if (decision === null || decision.reversedAtMs !== null) return refused('not-now');
  // The subject may have another open case by now.
  const other = await openCaseOf(records, before.subject);
  if (other === null) await records.cases.put(moved.value);
  await endEffects(records, decision, nowMs);
  await records.decisions.put({ ...decision, reversedAtMs: nowMs });
  await giveBack(records, decision, nowMs);
  await records.audit.append({ by, action: 'decision.undo', about: id, atMs: nowMs, details: {} });
  if (other === null) return moved;
  const joined = await joinCases(records, moved.value, other, by, nowMs);
  // Don't reveal a case that the member may not read.
  return may(opened.value.member.roles, actionInQueue('read', joined.lane)) ? ok(joined) : moved;
}

/** Restores what the decision ended: another decision, report verdicts, and a hold. */
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
  for (const report of reports) await setVerdict(records, report, report.verdictBefore, nowMs);
  await recountClean(records, subject);
  let untilMs = 0;
  for (const one of others) untilMs = Math.max(untilMs, await neededUntilMs(records, one));
  await keepEvidence(records, of, reports, (report) =>
    report.verdictBefore === 'waiting' || isMadeUp(report) ? nowMs + TEXT_UNDECIDED_MS : untilMs,
  );
  const { holdUntilMs } = ended;
  if (holdUntilMs === null) return;
  const person = await personOf(records, subject, nowMs);
  // The user had it erased; it is needed again until a decision.
  const hold = person.hold ?? { subject, case: of, startsAtMs: undone.atMs, endsAtMs: undone.atMs };
  // Unless another case has caused a new hold.
  if (hold.case !== of || isSuspended(hold, nowMs)) return;
  await records.people.put({
    ...person,
    hold: { ...hold, endsAtMs: holdUntilMs },
    ...(person.hold === null && { erasureAskedAtMs: nowMs }),
  });
}
