import type { Report } from '../cases/intake.ts';
import type { Verdict } from '../store/stored.ts';

export type JudgedReport = Pick<Report, 'evidence' | 'reason'>;

/** What a dismissal says about the reports of its case. The deciding member chooses one. */
export const FINDINGS = ['no-breach', 'cannot-tell', 'shows-opposite'] as const;

export type Finding = (typeof FINDINGS)[number];

export interface Judgement {
  readonly verdict: Verdict;
  /** How much of the rejected report counts against its reporter, from 0 to 1. */
  readonly against: number;
}

/**
 * How much of a report counts against its reporter if it shows no violation. The value is small,
 * because a report without pictures usually can't prove a violation.
 */
const NO_BREACH = 0.25;

const COSTS_NOTHING: Judgement = { verdict: 'inconclusive', against: 0 };

/**
 * Returns the verdict on a report whose case is dismissed. A report of self-harm never counts
 * against its reporter.
 */
export function judgeDismissed(
  report: JudgedReport,
  hasPictures: boolean,
  finding: Finding,
): Judgement {
  if (isMadeUp(report)) return MADE_UP;
  if (report.reason === 'self-harm' || finding === 'cannot-tell') return COSTS_NOTHING;
  const hasSomethingToSee = hasPictures || report.evidence === 'verified';
  if (!hasSomethingToSee) return { verdict: 'inconclusive', against: NO_BREACH };
  return { verdict: 'rejected', against: finding === 'shows-opposite' ? 1 : NO_BREACH };
}

/** Returns the verdict on a report of an upheld case. A report with forged lines is rejected. */
export function judgeUpheld(report: JudgedReport): Judgement {
  return isMadeUp(report) ? MADE_UP : { verdict: 'upheld', against: 0 };
}

export const MADE_UP: Judgement = { verdict: 'rejected', against: 1 };

/** Returns whether the report's chat lines were forged, as detected when it was accepted. */
export function isMadeUp({ evidence }: Pick<JudgedReport, 'evidence'>): boolean {
  return evidence === 'contradicted';
}

/** Returns whether a report was decided without finding a violation, so that its weight is 0. */
export function isSettled(verdict: Verdict): boolean {
  return verdict === 'rejected' || verdict === 'inconclusive';
}
