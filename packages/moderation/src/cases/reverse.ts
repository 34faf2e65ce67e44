import type { MemberId } from '@farandole/accounts/ids';
import type { DecisionId, SanctionId } from '../ids.ts';
import { TEXT_DECIDED_MS_MIN, UNDO_MS } from '../limits.ts';
import { isActive } from '../sanctions/sanction.ts';
import type { Records } from '../store/records.ts';
import type { Decision } from '../store/stored.ts';
import { recount, setVerdict } from '../trust/people.ts';
import { judgeByFinding, textKeptUntilMs } from './decided.ts';
import { isAppealWaiting, reportsOf, sanctionsOf, standingIn, subjectAppealOf } from './lookup.ts';

/** Reverses the sanctions and the strike of an overturned decision, and rejects its reports. */
export async function overturnDecision(
  records: Records,
  id: DecisionId,
  nowMs: number,
): Promise<void> {
  const decision = await records.decisions.get(id);
  if (decision === null || decision.reversedAtMs !== null) return;
  await endEffects(records, decision, nowMs);
  await records.decisions.put({ ...decision, reversedAtMs: nowMs });
  // An earlier version could leave two decisions in force. Then the remaining decision still
  // determines the verdicts.
  if ((await standingIn(records, decision.case)).length > 0) return;
  const reports = await reportsOf(records, decision.case);
  const judge = await judgeByFinding(records, decision.case, 'no-breach');
  for (const report of reports) {
    // Skips reports that arrived after the case was reopened, because they wait for the next
    // decision.
    if (report.verdict !== 'waiting') await setVerdict(records, report, judge(report), nowMs);
  }
  await recount(records, decision.subject, nowMs);
}

/** Ends the decisions in force on a case, because a new decision replaces them entirely. */
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

export async function isAppealedFrom(
  records: Records,
  decisions: readonly Decision[],
  members: readonly MemberId[],
): Promise<boolean> {
  for (const { id, deciders } of decisions) {
    if (!deciders.some((decider) => members.includes(decider))) continue;
    if (await isAppealWaiting(records, id)) return true;
  }
  return false;
}

export async function endEffects(
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
  const appeal = await subjectAppealOf(records, id);
  if (appeal?.state === 'waiting') {
    await records.appeals.put({ ...appeal, state: 'moot', mootAtMs: nowMs });
    // An appeal against the replaced decision gets no answer. If the replacement is undone, the
    // appeal waits again.
    const keptMs = appeal.erasureAskedAtMs === undefined ? TEXT_DECIDED_MS_MIN : UNDO_MS;
    await records.words.keepUntil('appeal', appeal.id, nowMs + keptMs);
    await records.words.keepUntil('decision', id, textKeptUntilMs(decision));
  }
  return ended;
}
