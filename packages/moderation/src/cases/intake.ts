import type { DeviceKeyId, MatchId, SubjectId } from '@farandole/kernel/id';
import type { CaseId, ReportId } from '../ids.ts';
import { type ReportReason, ruleOfReason } from '../reports/reason.ts';
import type { EvidenceState } from '../trust/trust.ts';
import { type Case, type CaseFacts, moveCase, type ReasonGiven } from './case-machine.ts';
import { joinTicks } from './handover-steps.ts';

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
  /** Whether the open case counts this person among its reporters already, for another call. */
  readonly reporterKnown: boolean;
}

/** Whether its reason and its reporter count: not where its evidence was made up. */
export function countsInCase({ evidence }: Pick<Report, 'evidence'>): boolean {
  return evidence !== 'contradicted';
}

/** What becomes of a report: it joins the subject's one open case, or opens one. */
export function takeIn(report: Report, known: KnownOfSubject, freshId: () => CaseId): Intake {
  if (known.reportedIn !== null) return { intake: 'merged', into: known.reportedIn };
  if (known.openCase === null) {
    return { intake: 'opened', case: { ...firstFacts(report, freshId()), state: 'open' } };
  }
  const before = known.openCase;
  const facts = firstFacts(report, before.id);
  const more = {
    ...facts,
    reporters: known.reporterKnown ? 0 : facts.reporters,
    // A report that comes late has opened nothing.
    openedAtMs: before.openedAtMs,
  };
  return { intake: 'joined', case: withMore(before, more, report.atMs) };
}

/**
 * A case with all that another had, or that a report brings. What may be of a minor stays with child
 * safety, whatever else is reported.
 *
 * @param more `reporters`: those who are not known in the case
 */
export function withMore(before: Case, more: CaseFacts, nowMs: number): Case {
  // What comes now is there.
  const { shreddedAtMs: _, ...whole } = before;
  const joined: Case = {
    ...whole,
    device: before.device ?? more.device,
    openedAtMs: Math.min(before.openedAtMs, more.openedAtMs),
    reasons: more.reasons.reduce(withReason, before.reasons),
    reports: before.reports + more.reports,
    reporters: before.reporters + more.reporters,
    imminent: before.imminent || more.imminent,
    handedOn: before.handedOn ?? more.handedOn,
    ...(more.handOver !== undefined && { handOver: joinTicks(before.handOver, more.handOver) }),
  };
  if (before.lane === more.lane || more.lane === 'normal') return joined;
  const moved = moveCase(joined, { event: 'safeguard' }, nowMs);
  return moved.ok ? moved.value : joined;
}

/**
 * What of a report counts in its case. Of what is proved to be made up nothing does: neither its reason, which would
 * pin the case or hand it to child safety, nor whoever made it, who would be the second that a hold takes.
 */
function firstFacts(report: Report, id: CaseId): CaseFacts {
  const counts = countsInCase(report);
  return {
    id,
    subject: report.of,
    device: report.ofDevice,
    openedAtMs: report.atMs,
    reasons: counts ? [{ reason: report.reason, times: 1, firstAtMs: report.atMs }] : [],
    reports: 1,
    reporters: counts ? 1 : 0,
    lane: counts ? ruleOfReason(report.reason).lane : 'normal',
    imminent: false,
    handedOn: null,
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
