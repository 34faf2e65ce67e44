import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import { appendAudit } from '@farandole/accounts/records';
import { may } from '@farandole/accounts/roles';
import type { DeviceKeyId, SubjectId } from '@farandole/kernel/id';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { type AgeLift, readAgeLifts } from '../appeals/age-appeals.ts';
import type { CaseId, SanctionId } from '../ids.ts';
import { CASE_REPORTS_MAX, RESTRICTIONS_MAX } from '../limits.ts';
import { actionInQueue } from '../reports/queue-name.ts';
import { isActive, type Sanction } from '../sanctions/sanction.ts';
import type { Records } from '../store/records.ts';
import type { Person } from '../store/stored.ts';
import { tookTwo } from './approval.ts';
import { devicesOf } from './decided.ts';

/** The restrictions of all users. Each node keeps them in memory. */
export interface Restrictions {
  /** Changes whenever a restriction may have changed. */
  readonly version: number;
  readonly sanctions: readonly Sanction[];
  readonly holds: readonly {
    readonly subject: SubjectId;
    readonly case: CaseId;
    readonly endsAtMs: number;
  }[];
  /** Device keys named by the reports in the cases of automatically suspended users. */
  readonly heldDevices: readonly {
    readonly device: DeviceKeyId;
    readonly case: CaseId;
    readonly endsAtMs: number;
  }[];
  /** Users exempted from the age refusals of their device. */
  readonly ageLifts: readonly AgeLift[];
}

const CHANGING: readonly string[] = [
  'case.decide',
  // Merging cases moves the automatic suspension and its code to the remaining case.
  'case.join',
  'decision.undo',
  'appeal.answer',
  'shared-appeal.answer',
  'sanction.lift',
  'subject.hold',
  'approval.declined',
  'approval.withdraw',
  'retention',
];

/**
 * Returns active sanctions and suspensions, or null if nothing changed since version `unless`.
 * An unchanged version costs one row read.
 */
export async function readRestrictions(
  records: Records,
  input: { readonly nowMs: number; readonly unless: number | null },
): Promise<Restrictions | null> {
  const version = await records.audit.lastOf(CHANGING);
  if (version === input.unless) return null;
  const after = { from: input.nowMs + 1 };
  const sanctions = await records.sanctions.find(
    { holdsUntilMs: after },
    { limit: RESTRICTIONS_MAX },
  );
  const held = await records.people.find({ heldUntilMs: after }, { limit: RESTRICTIONS_MAX });
  return {
    version,
    sanctions: sanctions.filter((sanction) => isActive(sanction, input.nowMs)),
    holds: held.flatMap(({ id, hold }) =>
      hold === null ? [] : [{ subject: id, case: hold.case, endsAtMs: hold.endsAtMs }],
    ),
    heldDevices: await heldDevices(records, held),
    ageLifts: await readAgeLifts(records, input.nowMs),
  };
}

async function heldDevices(
  records: Records,
  held: readonly Person[],
): Promise<Restrictions['heldDevices']> {
  const devices: Restrictions['heldDevices'][number][] = [];
  for (const { hold } of held) {
    const of = hold === null ? null : await records.cases.get(hold.case);
    if (hold === null || of === null) continue;
    const reports = await records.reports.find({ case: of.id }, { limit: CASE_REPORTS_MAX });
    const { endsAtMs } = hold;
    for (const device of devicesOf(of, reports)) devices.push({ device, case: of.id, endsAtMs });
  }
  return devices;
}

/** Ends a sanction early without judging it. Refuses if two members made its decision. */
export async function liftSanction(
  records: Records,
  input: {
    readonly sanction: SanctionId;
    /** The member who lifts the sanction. Null for the command line. */
    readonly by: MemberId | null;
    readonly nowMs: number;
  },
): Promise<Result<Sanction, 'not-allowed' | 'unknown' | 'takes-two'>> {
  const { sanction: id, by, nowMs } = input;
  const allowed = by === null ? null : await requireMember(records, by, 'sanction.lift');
  if (allowed?.ok === false) return allowed;
  const before = await records.sanctions.get(id);
  if (before === null || !isActive(before, nowMs)) return refused('unknown');
  const decision = await records.decisions.get(before.decision);
  if (allowed !== null) {
    const of = decision === null ? null : await records.cases.get(decision.case);
    // Only members who may decide in a queue may end that queue's sanctions. The same rule applies
    // to appeals.
    const isTheirs = of === null || may(allowed.value.roles, actionInQueue('decide', of.lane));
    if (!isTheirs) return refused('not-allowed');
  }
  if (decision !== null && tookTwo(decision)) return refused('takes-two');
  const lifted: Sanction = { ...before, liftedAtMs: nowMs };
  await records.sanctions.put(lifted);
  const details = { decision: before.decision };
  await appendAudit(records, { by: by ?? 'operator', nowMs }, 'sanction.lift', id, details);
  return ok(lifted);
}
