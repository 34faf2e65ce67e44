import type { MemberId } from '@farandole/accounts/ids';
import { appendAudit } from '@farandole/accounts/records';
import { brandId, type DeviceKeyId } from '@farandole/kernel/id';
import { closeMeasureAppeal } from '../appeals/measure-appeals.ts';
import type { DecisionId, SanctionId, StrikeId } from '../ids.ts';
import { NETWORK_SANCTION_MS_MAX } from '../limits.ts';
import { judgeUpheld } from '../reports/verdict.ts';
import { earlier, type Sanction, type SanctionScope } from '../sanctions/sanction.ts';
import type { Records } from '../store/records.ts';
import type { Decision, NetworkScope, Proposal } from '../store/stored.ts';
import { recount, setVerdict } from '../trust/people.ts';
import { othersThere } from '../trust/shared-network.ts';
import type { Case } from './case-machine.ts';
import { devicesOf, judgeByFinding, keepEvidence, textKeptUntilMs } from './decided.ts';
import { ruleOfMeasure } from './decision.ts';
import { factsOf } from './decision-facts.ts';
import { reportsOf, standingIn } from './lookup.ts';
import { finishErasure } from './pending-erasure.ts';
import { replaceDecisions } from './reverse.ts';
import { isSuspended } from './suspension.ts';

export interface AppliedDecision {
  readonly decision: Decision;
  readonly sanctions: readonly Sanction[];
}

/**
 * Closes a case with a decision: adds sanctions and a strike, ends the automatic suspension and
 * a replaced decision, and sets the verdicts on the reports. Ids of sanctions and strike derive
 * from the decision's id, so the caller supplies only one new id.
 */
export async function applyDecision(
  records: Records,
  closed: Case,
  { measure, reason, networks, finding: chosen }: Proposal<'decision'>,
  made: {
    readonly id: DecisionId;
    readonly deciders: readonly MemberId[];
    readonly note: string;
    readonly nowMs: number;
  },
): Promise<AppliedDecision> {
  const { id, deciders, note, nowMs } = made;
  const rule = ruleOfMeasure(measure);
  const endsAtMs = rule.lastsMs === null ? null : nowMs + rule.lastsMs;
  const { id: ofCase, subject } = closed;
  const standing = await standingIn(records, ofCase);
  const reports = await reportsOf(records, ofCase);
  const facts = await factsOf(records, closed, { by: deciders, reports, standing, nowMs });
  const person = await records.people.get(subject);
  const hold =
    person?.hold?.case === ofCase && isSuspended(person.hold, nowMs) ? person.hold : null;
  const finding = measure === 'dismiss' ? (chosen ?? 'no-breach') : null;
  const decision: Decision = {
    id,
    case: ofCase,
    subject,
    measure,
    reason,
    deciders,
    atMs: nowMs,
    ...(finding !== null && { finding }),
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
  await closeMeasureAppeal(records, closed, nowMs);
  await records.decisions.put(decision);
  // Ends the automatic suspension, because it lasts only until a member decides.
  if (person !== null && hold !== null) {
    await records.people.put({ ...person, hold: { ...hold, endsAtMs: nowMs } });
  }
  const { restriction } = rule;
  const sanctions: readonly Sanction[] =
    restriction === null
      ? []
      : scopesOf(closed, devicesOf(closed, reports), networks).map((on, index) => ({
          id: brandId<SanctionId>(`${id}-s${index}`),
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
      id: brandId<StrikeId>(`${id}-k`),
      subject,
      decision: id,
      atMs: nowMs,
      reversedAtMs: null,
    });
  }
  const judge = finding === null ? judgeUpheld : await judgeByFinding(records, ofCase, finding);
  for (const report of reports) {
    const { verdict, against = 0 } = report;
    const before = { ...report, verdictBefore: verdict, againstBefore: against };
    await records.reports.put(before);
    await setVerdict(records, before, judge(report), nowMs);
  }
  await recount(records, subject, nowMs);
  await keepEvidence(records, ofCase, reports, () => textKeptUntilMs(decision));
  await finishErasure(records, subject, nowMs);
  const details = { decision: id, measure, reason, endsAtMs, replaces: standing[0]?.id ?? null };
  const by = deciders.at(-1) ?? 'operator';
  await appendAudit(records, { by, nowMs }, 'case.decide', ofCase, details);
  if (note !== '') {
    await records.words.put('decision', id, { note, lines: [] }, textKeptUntilMs(decision));
  }
  return { decision, sanctions };
}

export async function isShared(
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

export function scopesOf(
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
