import type { MemberId } from '@farandole/accounts/ids';
import type { DeviceKeyId } from '@farandole/kernel/id';
import type { DecisionId } from '../ids.ts';
import { NETWORK_SANCTION_MS_MAX } from '../limits.ts';
import { verdictOfBreach } from '../reports/verdict.ts';
import { earlier, type Sanction, type SanctionScope } from '../sanctions/sanction.ts';
import { sanctionIdOf, strikeIdOf } from '../store/derived-ids.ts';
import type { Records } from '../store/records.ts';
import type { Decision, NetworkScope, Proposal } from '../store/stored.ts';
import { recountClean, setVerdict } from '../trust/people.ts';
import { othersThere } from '../trust/shared-network.ts';
import type { Case } from './case-machine.ts';
import { devicesOf, keepEvidence, textKeptUntilMs, verdictsOfNoBreach } from './decided.ts';
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

/** Closes a case: sanctions, strike, the end of the hold and replaced decision, and verdicts. */
export async function applyDecision(
  records: Records,
  closed: Case,
  { measure, reason, networks }: Proposal<'decision'>,
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
  // A hold only lasts until a person has looked.
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
  await keepEvidence(records, ofCase, reports, () => textKeptUntilMs(decision));
  await finishErasure(records, subject, nowMs);
  await records.audit.append({
    by: deciders.at(-1) ?? 'operator',
    action: 'case.decide',
    about: ofCase,
    atMs: nowMs,
    details: { decision: id, measure, reason, endsAtMs, replaces: standing[0]?.id ?? null },
  });
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
