import type { Report } from '../cases/intake.ts';
import type { Verdict } from '../store/stored.ts';

export type JudgedReport = Pick<Report, 'evidence' | 'reason'>;

/** Only reports with evidence can be wrong; a concern for a life costs the reporter nothing. */
export function verdictOfNoBreach(report: JudgedReport, hasPictures: boolean): Verdict {
  if (isMadeUp(report)) return 'rejected';
  const hasSomethingToSee = hasPictures || report.evidence === 'verified';
  return hasSomethingToSee && report.reason !== 'self-harm' ? 'rejected' : 'inconclusive';
}

/** Verdict with a breach: forged lines are rejected anyway. */
export function verdictOfBreach(report: JudgedReport): Verdict {
  return isMadeUp(report) ? 'rejected' : 'upheld';
}

/** Detected when the report was taken. */
export function isMadeUp({ evidence }: Pick<JudgedReport, 'evidence'>): boolean {
  return evidence === 'contradicted';
}
