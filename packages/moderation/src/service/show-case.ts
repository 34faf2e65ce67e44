import type { MemberId } from '@farandole/accounts/ids';
import { may, type Role } from '@farandole/accounts/roles';
import type { DeviceKeyId, SubjectId } from '@farandole/kernel/id';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { SubjectAppeal } from '../appeals/appeal.ts';
import type { DecisionFacts } from '../appeals/statement.ts';
import type { Case, CaseState } from '../cases/case-machine.ts';
import { inTheirHands, type StepRefusal } from '../cases/case-steps.ts';
import { devicesOf } from '../cases/decided.ts';
import { factsOf } from '../cases/decision-facts.ts';
import { openCaseOf, openFor, reportsOf, standingIn, subjectAppealOf } from '../cases/lookup.ts';
import { isSuspended } from '../cases/suspension.ts';
import { isDeletionOf, waitingOf } from '../disclosure/unseal.ts';
import { noteRead } from '../evidence/exposures.ts';
import { type ShownPicture, showPictures } from '../evidence/pictures.ts';
import { holdsSealed, sealedUntilMs } from '../evidence/sealed.ts';
import type { CaseId, PictureId } from '../ids.ts';
import { CASE_STEPS_SHOWN_MAX, LINKED_SHOWN_MAX, QUEUE_SHOWN_MAX } from '../limits.ts';
import { actionInQueue, QUEUES } from '../reports/queue-name.ts';
import { isPinned, type Priority, priorityOf } from '../reports/triage.ts';
import { isActive, type Sanction } from '../sanctions/sanction.ts';
import type { AuditRow, Records } from '../store/records.ts';
import type {
  Decision,
  ReportedPair,
  StoredApproval,
  StoredReport,
  UserText,
} from '../store/stored.ts';
import { noteOf } from '../store/user-text.ts';
import { metLastHour, pairOf } from '../trust/pairs.ts';
import { personOf } from '../trust/people.ts';
import { networksOf, type ShownNetwork } from '../trust/shared-network.ts';
import { harmProbability, type Tier, tierOf, trustAt } from '../trust/trust.ts';

export interface ShownReport {
  readonly report: StoredReport;
  /** How the two met; null while unknown. */
  readonly pair: ReportedPair | null;
  readonly words: UserText | null;
  /** In the order in which they were taken. */
  readonly pictures: readonly ShownPicture[];
}

export interface ShownDecision {
  /** Without `sample`: the decider must not know it while undo is possible. */
  readonly decision: Omit<Decision, 'sample'>;
  /** For other moderators; null if there is none or it was destroyed. */
  readonly note: string | null;
  readonly sanctions: readonly Sanction[];
  readonly appeal: SubjectAppeal | null;
}

/** Another user of the same device key. */
export interface LinkedSubject {
  readonly subject: SubjectId;
  readonly cases: readonly { readonly id: CaseId; readonly state: CaseState }[];
}

export interface ShownSubject {
  readonly harmProbability: number;
  readonly tier: Tier;
  readonly sessions: number;
  /** End of an automatic hold; null without one. */
  readonly heldUntilMs: number | null;
}

/** A possible minor's evidence, which takes two members to destroy. */
export interface ShownSeal {
  /** When it may be destroyed; null while unknown. */
  readonly untilMs: number | null;
  readonly deletionAsked: boolean;
  /** Pictures that this member has asked to view. */
  readonly chosenVariants: readonly PictureId[];
}

export interface ShownCase {
  readonly of: Case;
  readonly priority: Priority;
  /** Newest first, up to `QUEUE_SHOWN_MAX`. */
  readonly reports: readonly ShownReport[];
  readonly reportsInAll: number;
  /** All of the subject, including earlier cases; newest first. */
  readonly decisions: readonly ShownDecision[];
  /** Active strikes of the subject, without that of a decision to be replaced. */
  readonly strikes: number;
  /** Facts of a decision made now by this member. */
  readonly facts: DecisionFacts;
  readonly proposal: { readonly approval: StoredApproval; readonly note: string | null } | null;
  readonly subject: ShownSubject;
  /** For a closed case: another open case of the subject that the member may read. */
  readonly openCase: CaseId | null;
  readonly mayTake: boolean;
  readonly linked: readonly LinkedSubject[];
  readonly sealed: ShownSeal | null;
  /** The subject's networks, for members who may ban them. */
  readonly networks: readonly ShownNetwork[];
  /** Actions on the case except reads; oldest first. */
  readonly steps: readonly AuditRow[];
}

/** Writes the read to the audit. Refused above the shift limit, except pinned and own cases. */
export async function showCase(
  records: Records,
  input: { readonly case: CaseId; readonly by: MemberId; readonly nowMs: number },
): Promise<Result<ShownCase, Extract<StepRefusal, 'not-allowed' | 'unknown'> | 'reads-full'>> {
  const { case: id, by, nowMs } = input;
  const opened = await openFor(records, id, by, 'case.read');
  if (!opened.ok) return opened;
  const { of, member } = opened.value;
  const presses = isPinned(of) || (of.state === 'assigned' && of.to === by);
  const read = { action: 'case.read', about: id, by, presses, nowMs } as const;
  if (!(await noteRead(records, read))) return refused('reads-full');
  const pictures = await showPictures(records, of, { by, nowMs });
  const reports: ShownReport[] = [];
  const all = await reportsOf(records, id);
  for (const report of all.slice(0, QUEUE_SHOWN_MAX)) {
    reports.push({
      report,
      pair: await pairOf(records, report),
      words: await records.words.get('report', report.id),
      pictures: pictures.get(report.id) ?? [],
    });
  }
  // A new decision replaces the one in force and its strike.
  const standing = of.state === 'closed' ? [] : await standingIn(records, id);
  const facts = await factsOf(records, of, { by: [by], reports: all, standing, nowMs });
  const person = await personOf(records, of.subject, nowMs);
  const trust = trustAt(person.trust, nowMs);
  const met = await metLastHour(records, [of.subject], nowMs);
  const openCase = of.state === 'closed' ? await openCaseOf(records, of.subject) : null;
  const isReadable = ({ lane }: Case) => may(member.roles, actionInQueue('read', lane));
  const steps = await records.audit.of(id, CASE_STEPS_SHOWN_MAX);
  const shown: ShownCase = {
    of,
    priority: priorityOf(of, { trust, metLastHour: met(of.subject) }, nowMs),
    reports,
    reportsInAll: all.length,
    decisions: await decisionsOf(records, of.subject, member.roles, nowMs),
    strikes: facts.earlier.length,
    facts,
    proposal: await proposalOf(records, of),
    subject: {
      harmProbability: harmProbability(trust),
      tier: tierOf(trust),
      sessions: trust.sessions,
      heldUntilMs: isSuspended(person.hold, nowMs) ? (person.hold?.endsAtMs ?? null) : null,
    },
    mayTake: (await inTheirHands(records, of, member)).ok,
    openCase: openCase !== null && isReadable(openCase) ? openCase.id : null,
    linked: await linkedBy(records, devicesOf(of, all), of.subject, member.roles),
    sealed: holdsSealed(of) ? await sealOf(records, of, by) : null,
    networks: may(member.roles, 'sanction.network')
      ? await networksOf(records, of.subject, nowMs)
      : [],
    steps: steps.filter(({ action }) => action !== 'case.read'),
  };
  return ok(shown);
}

/** All decisions; notes only of lanes that the member may read. */
async function decisionsOf(
  records: Records,
  subject: SubjectId,
  roles: readonly Role[],
  nowMs: number,
): Promise<readonly ShownDecision[]> {
  const shown: ShownDecision[] = [];
  const decisions = await records.decisions.find({ subject }, { limit: 100, newestFirst: true });
  for (const { sample: _, ...decision } of decisions) {
    const { id } = decision;
    const of = await records.cases.get(decision.case);
    const sanctions = await records.sanctions.find({ decision: id }, { limit: 100 });
    const appeal = await subjectAppealOf(records, id);
    shown.push({
      decision,
      note:
        of === null || may(roles, actionInQueue('read', of.lane))
          ? await noteOf(records, id)
          : null,
      sanctions: sanctions.filter((sanction) => isActive(sanction, nowMs)),
      appeal,
    });
  }
  return shown;
}

async function sealOf(records: Records, of: Case, by: MemberId): Promise<ShownSeal> {
  const deletions = await waitingOf(records, 'deletion');
  const unsealings = await waitingOf(records, 'unsealing');
  return {
    untilMs: sealedUntilMs(of),
    deletionAsked: deletions.some((one) => isDeletionOf(one, of)),
    chosenVariants: unsealings
      .filter((one) => one.by === by && one.proposal.case === of.id)
      .map(({ proposal }) => proposal.picture),
  };
}

async function proposalOf(records: Records, of: Case): Promise<ShownCase['proposal']> {
  if (of.state !== 'escalated' || of.approval === null) return null;
  const approval = await records.approvals.get(of.approval);
  if (approval === null) return null;
  return { approval, note: await noteOf(records, approval.id) };
}

async function linkedBy(
  records: Records,
  devices: readonly DeviceKeyId[],
  but: SubjectId,
  roles: readonly Role[],
): Promise<readonly LinkedSubject[]> {
  if (devices.length === 0) return [];
  const theirs = {
    device: { oneOf: devices },
    lane: { oneOf: QUEUES.filter((lane) => may(roles, actionInQueue('read', lane))) },
  };
  const cases = await records.cases.find(theirs, { limit: 100, newestFirst: true });
  const linked = new Map<SubjectId, { id: CaseId; state: CaseState }[]>();
  for (const { id, subject, state } of cases) {
    if (subject === but) continue;
    const known = linked.get(subject) ?? [];
    known.push({ id, state });
    linked.set(subject, known);
  }
  return [...linked]
    .slice(0, LINKED_SHOWN_MAX)
    .map(([subject, casesOfSubject]) => ({ subject, cases: casesOfSubject }));
}
