import type { MemberId } from '@farandole/accounts/ids';
import { may } from '@farandole/accounts/roles';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { CaseId, DecisionId, SanctionId } from '../ids.ts';
import {
  UNDO_MS,
  WORDS_DECIDED_MS_MAX,
  WORDS_DECIDED_MS_MIN,
  WORDS_UNDECIDED_MS,
} from '../limits.ts';
import { actionInLane } from '../reports/lane.ts';
import { openCaseOf } from '../reports/take-report.ts';
import { isMadeUp } from '../reports/verdict.ts';
import type { Decision } from '../store/kept.ts';
import type { Records } from '../store/records.ts';
import { personOf, recountClean, setVerdict } from '../trust/people.ts';
import { type Case, type CaseRefusal, moveCase } from './case-machine.ts';
import { openFor } from './case-steps.ts';
import {
  decisionsIn,
  keepEvidence,
  neededUntilMs,
  reportsOf,
  sanctionsOf,
  standingIn,
  verdictsOfNoBreach,
  wordsKeptUntilMs,
} from './decided.ts';
import { isHeld } from './hold.ts';
import { joinCases } from './join-cases.ts';
import { isActive } from './sanction.ts';

/**
 * Whoever decided takes it back, within the time that the table of steps allows.
 *
 * @returns the case that has the reports now: another one where one was opened meanwhile
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
  // An appeal may have overturned it meanwhile: then there is nothing left to take back.
  if (decision === null || decision.reversedAtMs !== null) return refused('not-now');
  // Who was reported meanwhile has another case that is open.
  const other = await openCaseOf(records, before.subject);
  if (other === null) await records.cases.put(moved.value);
  await endEffects(records, decision, nowMs);
  await records.decisions.put({ ...decision, reversedAtMs: nowMs });
  await giveBack(records, decision, nowMs);
  await records.audit.append({ by, action: 'decision.undo', about: id, atMs: nowMs, details: {} });
  if (other === null) return moved;
  const joined = await joinCases(records, moved.value, other, by, nowMs);
  // Of a case that they may not read, nothing is told.
  return may(opened.value.member.roles, actionInLane('read', joined.lane)) ? ok(joined) : moved;
}

/** What an appeal overturned: its sanctions and its strike go, and its reports were wrong. */
export async function overturnDecision(
  records: Records,
  id: DecisionId,
  nowMs: number,
): Promise<void> {
  const decision = await records.decisions.get(id);
  if (decision === null || decision.reversedAtMs !== null) return;
  await endEffects(records, decision, nowMs);
  await records.decisions.put({ ...decision, reversedAtMs: nowMs });
  // Of two that stood side by side, as an earlier version had it, the other still says what they were.
  if ((await standingIn(records, decision.case)).length > 0) return;
  const reports = await reportsOf(records, decision.case);
  const ofNoBreach = await verdictsOfNoBreach(records, decision.case);
  for (const report of reports) {
    // What came after the case was opened again waits for whoever decides anew.
    if (report.verdict !== 'waiting') await setVerdict(records, report, ofNoBreach(report), nowMs);
  }
  await recountClean(records, decision.subject);
}

/** Ends what stood in a case, since another decision takes its place as a whole. */
export async function replaceDecisions(
  records: Records,
  replaced: readonly Decision[],
  by: DecisionId,
  nowMs: number,
): Promise<readonly SanctionId[]> {
  const ended: SanctionId[] = [];
  for (const decision of replaced) {
    ended.push(...(await endEffects(records, decision, nowMs)));
    await records.decisions.put({ ...decision, reversedAtMs: nowMs, replacedBy: by });
  }
  return ended;
}

/** Whether one of these decisions is appealed against, and one of these members had a part in it. */
export async function isAppealedFrom(
  records: Records,
  decisions: readonly Decision[],
  members: readonly MemberId[],
): Promise<boolean> {
  for (const { id, deciders } of decisions) {
    if (!deciders.some((decider) => members.includes(decider))) continue;
    if ((await records.appeals.count({ decision: id, state: 'waiting' })) > 0) return true;
  }
  return false;
}

/** @returns the sanctions that held until now */
async function endEffects(
  records: Records,
  decision: Decision,
  nowMs: number,
): Promise<readonly SanctionId[]> {
  const { id } = decision;
  const ended: SanctionId[] = [];
  for (const sanction of await sanctionsOf(records, id)) {
    if (!isActive(sanction, nowMs)) continue;
    await records.sanctions.put({ ...sanction, liftedAtMs: nowMs });
    ended.push(sanction.id);
  }
  for (const strike of await records.strikes.find({ decision: id }, { limit: 10 })) {
    await records.strikes.put({ ...strike, reversedAtMs: nowMs });
  }
  for (const appeal of await records.appeals.find(
    { decision: id, state: 'waiting' },
    { limit: 1 },
  )) {
    await records.appeals.put({ ...appeal, state: 'moot', mootAtMs: nowMs });
    // Nobody answers it, unless what took its place is undone.
    const keptMs = appeal.erasureAskedAtMs === undefined ? WORDS_DECIDED_MS_MIN : UNDO_MS;
    await records.words.keepUntil('appeal', appeal.id, nowMs + keptMs);
    await records.words.keepUntil('decision', id, wordsKeptUntilMs(decision));
  }
  return ended;
}

/** What a decision had ended comes back as it was: another decision, the reports, and a hold. */
async function giveBack(records: Records, undone: Decision, nowMs: number): Promise<void> {
  const { case: of, subject, ended } = undone;
  const others = (await decisionsIn(records, of)).filter(({ id }) => id !== undone.id);
  for (const decision of others) {
    if (decision.replacedBy !== undone.id) continue;
    await records.decisions.put({ ...decision, reversedAtMs: null, replacedBy: null });
    for (const strike of await records.strikes.find({ decision: decision.id }, { limit: 10 })) {
      await records.strikes.put({ ...strike, reversedAtMs: null });
    }
    const moot = { decision: decision.id, state: 'moot' } as const;
    for (const appeal of await records.appeals.find(moot, { limit: 1 })) {
      const { id, atMs, erasureAskedAtMs: askedAtMs } = appeal;
      const asked = askedAtMs !== undefined && { erasureAskedAtMs: askedAtMs };
      const waiting = { id, decision: decision.id, atMs, state: 'waiting', ...asked } as const;
      await records.appeals.put(waiting);
      await records.words.keepUntil('appeal', id, atMs + WORDS_DECIDED_MS_MAX);
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
    report.verdictBefore === 'waiting' || isMadeUp(report) ? nowMs + WORDS_UNDECIDED_MS : untilMs,
  );
  const { holdUntilMs } = ended;
  if (holdUntilMs === null) return;
  const person = await personOf(records, subject, nowMs);
  // It went where they had asked that what is known of them does; until people decide, it is needed again.
  const hold = person.hold ?? { subject, case: of, startsAtMs: undone.atMs, endsAtMs: undone.atMs };
  // Unless another case has brought about a new one meanwhile.
  if (hold.case !== of || isHeld(hold, nowMs)) return;
  await records.people.put({
    ...person,
    hold: { ...hold, endsAtMs: holdUntilMs },
    ...(person.hold === null && { erasureAskedAtMs: nowMs }),
  });
}
