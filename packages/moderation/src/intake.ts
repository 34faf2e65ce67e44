import type { DeviceKeyId, MatchId, SubjectId } from '@farandole/kernel/id';
import type { Case, CaseFacts, ReasonGiven } from './case-machine.ts';
import type { CaseId, ReportId } from './ids.ts';
import { type ReportReason, ruleOfReason } from './reason.ts';
import type { EvidenceState } from './trust.ts';

/**
 * One person's report of the other, from a call in which both were. The gateway has verified the
 * receipt and the tags before it is one, so nobody can report whom they did not meet, nor make up
 * what was said.
 */
export interface Report {
  readonly id: ReportId;
  readonly match: MatchId;
  readonly by: SubjectId;
  readonly of: SubjectId;
  readonly ofDevice: DeviceKeyId | null;
  readonly reason: ReportReason;
  readonly note: string | null;
  /** Lines that go with it, all of them tagged by this server. */
  readonly lines: number;
  readonly evidence: EvidenceState;
  readonly atMs: number;
}

export type Intake =
  /** One side of a call reports once: the same case, and nothing is counted again. */
  | { readonly intake: 'merged'; readonly into: CaseId }
  | { readonly intake: 'joined'; readonly case: Case }
  | { readonly intake: 'opened'; readonly case: Case };

export interface KnownOfSubject {
  /** The one case of the subject that takes reports, or null. */
  readonly openCase: Case | null;
  /** The case that has a report of this side of this call already, or null. */
  readonly reportedIn: CaseId | null;
  /** Whether this person has reported the subject within the open case, in another call. */
  readonly reporterKnown: boolean;
}

/** What becomes of a report: it joins the subject's one open case, or opens one. */
export function takeIn(report: Report, known: KnownOfSubject, freshId: () => CaseId): Intake {
  if (known.reportedIn !== null) return { intake: 'merged', into: known.reportedIn };
  if (known.openCase === null) {
    return { intake: 'opened', case: { ...firstFacts(report, freshId()), state: 'open' } };
  }
  const before = known.openCase;
  const facts: Partial<CaseFacts> = {
    device: before.device ?? report.ofDevice,
    reasons: withReason(before.reasons, report),
    reports: before.reports + 1,
    reporters: before.reporters + (known.reporterKnown ? 0 : 1),
    lane: laneWith(before.lane, report.reason),
  };
  return { intake: 'joined', case: { ...before, ...facts } };
}

function firstFacts(report: Report, id: CaseId): CaseFacts {
  return {
    id,
    subject: report.of,
    device: report.ofDevice,
    openedAtMs: report.atMs,
    reasons: withReason([], report),
    reports: 1,
    reporters: 1,
    lane: ruleOfReason(report.reason).lane,
    imminent: false,
  };
}

/** A case that may be of a minor stays with child safety, whatever else is reported. */
function laneWith(before: CaseFacts['lane'], reason: ReportReason): CaseFacts['lane'] {
  return before === 'child-safety' ? before : ruleOfReason(reason).lane;
}

function withReason(reasons: readonly ReasonGiven[], report: Report): readonly ReasonGiven[] {
  const { reason, atMs } = report;
  if (!reasons.some((given) => given.reason === reason)) {
    return [...reasons, { reason, times: 1, firstAtMs: atMs }];
  }
  return reasons.map((given) =>
    given.reason === reason
      ? { reason, times: given.times + 1, firstAtMs: Math.min(given.firstAtMs, atMs) }
      : given,
  );
}
