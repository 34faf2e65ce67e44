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
import {
  openCasesOf,
  openFor,
  openInsteadOf,
  reportsOf,
  standingIn,
  subjectAppealOf,
} from '../cases/lookup.ts';
import { isSuspended } from '../cases/suspension.ts';
import { isDeletionOf, waitingOf } from '../disclosure/unseal.ts';
import { noteRead } from '../evidence/exposures.ts';
import { type ShownPicture, showPictures } from '../evidence/pictures.ts';
import { holdsSealed, sealedUntilMs } from '../evidence/sealed.ts';
import type { CaseId, PictureId, ReportId } from '../ids.ts';
import { CASE_STEPS_SHOWN_MAX, LINKED_SHOWN_MAX, QUEUE_SHOWN_MAX } from '../limits.ts';
import { actionInQueue, QUEUES, type QueueName } from '../reports/queue-name.ts';
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
  /** The report without its reporter's network and device. */
  readonly report: Omit<StoredReport, 'from' | 'byDevice'>;
  readonly source: ReportSource;
  /** How reporter and subject met. Null while unknown. */
  readonly pair: ReportedPair | null;
  readonly words: UserText | null;
  /** The pictures of the report in the order in which they were taken. */
  readonly pictures: readonly ShownPicture[];
}

/** Numbers that stand for the reporter's network and device within one case. Null if unknown. */
export interface ReportSource {
  readonly network: number | null;
  readonly device: number | null;
}

export interface ShownDecision {
  /**
   * The decision without `sample`, because the deciding member must not know of a second review
   * while an undo is possible.
   */
  readonly decision: Omit<Decision, 'sample'>;
  /** The note to other moderators. Null if there was none or its key was destroyed. */
  readonly note: string | null;
  readonly sanctions: readonly Sanction[];
  readonly appeal: SubjectAppeal | null;
}

/** Another open case of the same subject. Its id is null if the member may not read the case. */
export interface OtherCase {
  readonly id: CaseId | null;
  readonly lane: QueueName;
  readonly state: CaseState;
}

/** Another user with the same device key. */
export interface LinkedSubject {
  readonly subject: SubjectId;
  readonly cases: readonly { readonly id: CaseId; readonly state: CaseState }[];
}

export interface ShownSubject {
  readonly harmProbability: number;
  readonly tier: Tier;
  readonly sessions: number;
  /** End of the user's automatic suspension. Null if there is none. */
  readonly heldUntilMs: number | null;
}

/** State of evidence about a possible minor, which only two members together can destroy. */
export interface ShownSeal {
  /** Time from which two members may destroy the evidence. Null while that time is unknown. */
  readonly untilMs: number | null;
  readonly deletionAsked: boolean;
  /** Pictures that this member has asked to view. */
  readonly picturesAsked: readonly PictureId[];
}

export interface ShownCase {
  readonly of: Case;
  readonly priority: Priority;
  /** The reports of the case, newest first, at most `QUEUE_SHOWN_MAX`. */
  readonly reports: readonly ShownReport[];
  readonly reportsInAll: number;
  /** Decisions about the subject in all cases, newest first. */
  readonly decisions: readonly ShownDecision[];
  /** Number of the subject's active strikes, without that of a decision about to be replaced. */
  readonly strikes: number;
  /** The facts that a decision would have if this member made it now. */
  readonly facts: DecisionFacts;
  readonly proposal: { readonly approval: StoredApproval; readonly note: string | null } | null;
  readonly subject: ShownSubject;
  /** The subject's open case, given with a closed case if the member may read the open one. */
  readonly openCase: CaseId | null;
  readonly others: readonly OtherCase[];
  readonly mayTake: boolean;
  readonly linked: readonly LinkedSubject[];
  readonly sealed: ShownSeal | null;
  /** The subject's networks. Empty unless the member may ban them. */
  readonly networks: readonly ShownNetwork[];
  /** Audit rows of the case, oldest first, without rows about reads. */
  readonly steps: readonly AuditRow[];
}

/**
 * Returns a case for a member and writes the read to the audit log. Refuses reads above the
 * limit of the shift; pinned cases and the member's own cases are exempt.
 */
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
  const sources = sourcesOf(all);
  for (const { from: _, byDevice: __, ...report } of all.slice(0, QUEUE_SHOWN_MAX)) {
    reports.push({
      report,
      source: sources.get(report.id) ?? { network: null, device: null },
      pair: await pairOf(records, report),
      words: await records.words.get('report', report.id),
      pictures: pictures.get(report.id) ?? [],
    });
  }
  // Excludes the decision in force and its strike, because a new decision replaces both.
  const standing = of.state === 'closed' ? [] : await standingIn(records, id);
  const facts = await factsOf(records, of, { by: [by], reports: all, standing, nowMs });
  const person = await personOf(records, of.subject, nowMs);
  const trust = trustAt(person.trust, nowMs);
  const met = await metLastHour(records, [of.subject], nowMs);
  const instead = of.state === 'closed' ? await openInsteadOf(records, of) : [];
  const isReadable = ({ lane }: Case) => may(member.roles, actionInQueue('read', lane));
  const open = await openCasesOf(records, of.subject);
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
    openCase: instead.find(isReadable)?.id ?? null,
    others: open
      .filter((one) => one.id !== id)
      .map((one) => ({
        id: isReadable(one) ? one.id : null,
        ...{ lane: one.lane, state: one.state },
      })),
    linked: await linkedBy(records, devicesOf(of, all), of.subject, member.roles),
    sealed: holdsSealed(of) ? await sealOf(records, of, by) : null,
    networks: may(member.roles, 'sanction.network')
      ? await networksOf(records, of.subject, nowMs)
      : [],
    steps: steps.filter(({ action }) => action !== 'case.read'),
  };
  return ok(shown);
}

function sourcesOf(reports: readonly StoredReport[]): ReadonlyMap<ReportId, ReportSource> {
  const networks = new Map<string, number>();
  const devices = new Map<string, number>();
  const sources = new Map<ReportId, ReportSource>();
  // Numbers the oldest report's network and device first, so that later reports don't change a
  // number.
  for (const { id, from, byDevice } of reports.toReversed()) {
    const network = numberIn(networks, from?.network);
    sources.set(id, { network, device: numberIn(devices, byDevice) });
  }
  return sources;
}

function numberIn(known: Map<string, number>, key: string | undefined): number | null {
  if (key === undefined) return null;
  const number = known.get(key) ?? known.size + 1;
  known.set(key, number);
  return number;
}

/** Returns decisions about the subject, with notes only from queues that the member may read. */
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
    picturesAsked: unsealings
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
