import type { DeviceKeyId, MatchId, SubjectId } from '@farandole/kernel/id';
import type { AnchorHash, CaseId, ReportId } from '../ids.ts';
import type { QueueName } from '../reports/queue-name.ts';
import { type ReportReason, ruleOfReason } from '../reports/reason.ts';
import { hasPinnedReason, isReasonPinned } from '../reports/triage.ts';
import type { EvidenceState } from '../trust/trust.ts';
import { type Case, type CaseFacts, moveCase, type ReasonGiven } from './case-machine.ts';
import { joinTicks } from './handover-steps.ts';
import type { ReportSource } from './report-source.ts';

/**
 * A report that the gateway has verified. The gateway checked the receipt and the line tags, so
 * nobody can report a person they never met or invent chat lines.
 */
export interface Report {
  readonly id: ReportId;
  readonly match: MatchId;
  readonly by: SubjectId;
  readonly of: SubjectId;
  readonly ofDevice: DeviceKeyId | null;
  readonly reason: ReportReason;
  readonly note: string | null;
  /** Number of chat lines attached to the report. This server tagged all of them. */
  readonly lines: number;
  readonly evidence: EvidenceState;
  /** The reporter's network at the time of the report. Absent for a loopback or private address. */
  readonly from?: { readonly network: AnchorHash; readonly parent: AnchorHash };
  /** Duration of the reported call in milliseconds. Absent if unknown. */
  readonly lastedMs?: number;
  /** The reporter's device key. Absent in reports of old versions. */
  readonly byDevice?: DeviceKeyId;
  /** How the users of the call chose each other. Absent if they met by chance, or if unknown. */
  readonly metBy?: 'invitation' | 'again';
  readonly atMs: number;
}

export type Intake =
  /** The reporter had already reported this call, so this report changes nothing. */
  | { readonly intake: 'merged'; readonly into: CaseId }
  | { readonly intake: 'joined'; readonly case: Case }
  | { readonly intake: 'opened'; readonly case: Case };

export interface KnownOfSubject {
  /** The open case that the report joins, as `caseToJoin` returns it. */
  readonly openCase: Case | null;
  /** Whether the subject's other reports stay in another case than one about a possible minor. */
  readonly isApart: boolean;
  /** The case that already has a report of this call by the same reporter, or null. */
  readonly reportedIn: CaseId | null;
  /** Whether the case already counts this reporter because of another call. */
  readonly reporterKnown: boolean;
  /** Position of the report among the reports from its reporter's network. */
  readonly source: ReportSource;
}

/** Returns whether the case counts the report's reason and reporter. False for forged evidence. */
export function countsInCase({ evidence }: Pick<Report, 'evidence'>): boolean {
  return evidence !== 'contradicted';
}

/** Returns the queue for a report's case. Forged evidence never leads to child safety. */
export function queueOfReport(report: Pick<Report, 'evidence' | 'reason'>): QueueName {
  return countsInCase(report) ? ruleOfReason(report.reason).lane : 'normal';
}

/** Adds a report to an open case of its subject, or opens a new case. */
export function takeIn(report: Report, known: KnownOfSubject, freshId: () => CaseId): Intake {
  if (known.reportedIn !== null) return { intake: 'merged', into: known.reportedIn };
  if (known.openCase === null) {
    return { intake: 'opened', case: { ...firstFacts(report, freshId(), known), state: 'open' } };
  }
  const before = known.openCase;
  const facts = firstFacts(report, before.id, known);
  const more = {
    ...facts,
    reporters: known.reporterKnown ? 0 : facts.reporters,
    // Keeps the opening time of the case, because a report can arrive late.
    openedAtMs: before.openedAtMs,
  };
  return { intake: 'joined', case: withMore(before, more, report.atMs) };
}

/**
 * Adds facts of further reports to a case. A case with evidence of a possible minor stays with
 * child safety for good.
 *
 * @param more facts whose `reporters` counts only reporters new to the case
 */
export function withMore(before: Case, more: CaseFacts, nowMs: number): Case {
  const { shreddedAtMs: _, apart, fold, turn, pinLost: __, ...whole } = before;
  // A case leaves its fold when it gets a report within the budget of the reporter's network.
  const isUnfolded = fold !== undefined && more.fold === undefined;
  const turnNow = isUnfolded ? more.turn : turn;
  const reasons = more.reasons.reduce(withReason, before.reasons);
  const joined: Case = {
    ...whole,
    device: before.device ?? more.device,
    openedAtMs: Math.min(before.openedAtMs, more.openedAtMs),
    reasons,
    reports: before.reports + more.reports,
    reporters: before.reporters + more.reporters,
    imminent: before.imminent || more.imminent,
    handedOn: before.handedOn ?? more.handedOn,
    ...(apart === true && more.apart === true && { apart }),
    ...(more.crowded === true && { crowded: true }),
    ...(more.handOver !== undefined && { handOver: joinTicks(before.handOver, more.handOver) }),
    ...(fold !== undefined && !isUnfolded && { fold }),
    ...(turnNow !== undefined && { turn: turnNow }),
    ...(hasPinnedReason({ reasons }) &&
      !isReasonPinned(before) &&
      !isReasonPinned(more) && { pinLost: true }),
  };
  if (before.lane === more.lane || more.lane === 'normal') return joined;
  const moved = moveCase(joined, { event: 'safeguard' }, nowMs);
  return moved.ok ? moved.value : joined;
}

/**
 * Returns what a report adds to its case. Forged evidence adds neither reason nor reporter.
 * Otherwise a forged reason could pin the case or move it to child safety, and the forger could
 * be the second reporter that a suspension requires.
 */
function firstFacts(
  report: Report,
  id: CaseId,
  { isApart, source }: Pick<KnownOfSubject, 'isApart' | 'source'>,
): CaseFacts {
  const counts = countsInCase(report);
  const lane = queueOfReport(report);
  const { turn, fold, losesPin } = source;
  return {
    id,
    subject: report.of,
    device: report.ofDevice,
    openedAtMs: report.atMs,
    reasons: counts ? [{ reason: report.reason, times: 1, firstAtMs: report.atMs }] : [],
    reports: 1,
    reporters: counts ? 1 : 0,
    lane,
    imminent: false,
    handedOn: null,
    ...(lane === 'child-safety' && isApart && { apart: true }),
    ...(turn > 1 && { turn }),
    ...(fold !== null && { fold }),
    ...(losesPin && { pinLost: true }),
  };
}

function withReason(reasons: readonly ReasonGiven[], more: ReasonGiven): readonly ReasonGiven[] {
  const { reason, times, firstAtMs } = more;
  if (!reasons.some((given) => given.reason === reason)) return [...reasons, more];
  return reasons.map((given) =>
    given.reason === reason
      ? {
          reason,
          times: given.times + times,
          firstAtMs: Math.min(given.firstAtMs, firstAtMs),
        }
      : given,
  );
}
