import type { Report } from '../cases/intake.ts';
import type { Verdict } from '../store/kept.ts';

/** What of a report decides what it is, once people have looked. */
export type JudgedReport = Pick<Report, 'evidence' | 'reason'>;

/**
 * What a report is in whose case no breach was found. Only what had something to look at was wrong; a
 * report without lines or pictures, and a worry for somebody's life, cost nobody.
 */
export function verdictOfNoBreach(report: JudgedReport, hasPictures: boolean): Verdict {
  if (isMadeUp(report)) return 'rejected';
  const hasSomethingToSee = hasPictures || report.evidence === 'verified';
  return hasSomethingToSee && report.reason !== 'self-harm' ? 'rejected' : 'inconclusive';
}

/** What a report is in whose case a breach was found: whoever made lines up was wrong all the same. */
export function verdictOfBreach(report: JudgedReport): Verdict {
  return isMadeUp(report) ? 'rejected' : 'upheld';
}

/** Whether its lines were made up, which was seen when it was taken. */
export function isMadeUp({ evidence }: Pick<JudgedReport, 'evidence'>): boolean {
  return evidence === 'contradicted';
}
