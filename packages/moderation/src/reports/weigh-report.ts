import type { Report } from '../cases/intake.ts';
import { UNPROVEN_READ_CLEAN_MAX } from '../limits.ts';
import {
  atLeast,
  type Grounds,
  groundsOf,
  NO_GROUNDS,
  type WeighedReport,
  weightAdded,
} from '../trust/grounds.ts';
import {
  afterReportedSession,
  type ReporterRecord,
  type Trust,
  weightForSoftware,
  weightOfReport,
  withGrounds,
} from '../trust/trust.ts';

/** A report that neither was rejected nor ended without result. */
export interface LiveReport {
  /** By the reporter's record alone. */
  readonly weight: number;
  /** Weight added to the subject's score. */
  readonly added: number;
  /** As it weighs for restriction and hold. */
  readonly weighed: WeighedReport;
  /** Whether it belongs to the case that the new report joins. */
  readonly inCase: boolean;
}

export interface NewReport extends Omit<WeighedReport, 'weight'> {
  readonly evidence: Report['evidence'];
  readonly reason: Report['reason'];
}

/** @param earlier live reports of the same subject */
export function weighReport(
  report: NewReport,
  reporter: ReporterRecord,
  earlier: readonly LiveReport[],
): LiveReport {
  const { evidence, reason, ...facts } = report;
  // Tags prove lines, not a violation. Lines add no weight alone, since any can be attached.
  const shows = evidence === 'contradicted' ? evidence : 'inconclusive';
  // A concern for a life says nothing about harm to others.
  const weight = reason === 'self-harm' ? 0 : weightOfReport(reporter, shows);
  const weighed = { ...facts, weight: weightForSoftware(weight, report.isProven) };
  const added = weightAdded(
    earlier.map((one) => one.weighed),
    weighed,
  );
  return { weight, added, weighed, inCase: true };
}

export interface Judged {
  /** The subject's trust after the report. */
  readonly trust: Trust;
  /** Of the case's own reports, for a hold. */
  readonly grounds: Grounds;
  /** Whether a member reads the case at any score. */
  readonly isAlwaysRead: boolean;
  /** Weight in the case that counts for being read only. */
  readonly uncapped: number;
  /** Whether a crowd of unproven reporters restricts the subject now. */
  readonly isCrowded: boolean;
}

/**
 * What a weighed report does to its subject.
 *
 * @param fewNetworks the server's users come from few networks, see `hasFewNetworks`
 */
export function judgeReport(
  before: Trust,
  report: Pick<NewReport, 'evidence'>,
  own: LiveReport,
  earlier: readonly LiveReport[],
  fewNetworks: boolean,
): Judged {
  const { atMs, isProven } = own.weighed;
  const inCase = [...earlier.filter((one) => one.inCase), own];
  const groundsIn = (reports: readonly LiveReport[]): Grounds =>
    fewNetworks ? NO_GROUNDS : groundsOf(reports.map(({ weighed }) => weighed));
  // A flood of reports can't push others out of the newest ones.
  const all = fewNetworks
    ? NO_GROUNDS
    : atLeast(groundsIn([...earlier, own]), before.grounds ?? NO_GROUNDS);
  const isNewWord = !isProven && before.cleanSessions < UNPROVEN_READ_CLEAN_MAX;
  const isWord = report.evidence !== 'contradicted';
  return {
    trust: withGrounds(afterReportedSession(before, own.added, atMs), all),
    grounds: groundsIn(inCase),
    isAlwaysRead: isWord && (fewNetworks || isNewWord || report.evidence === 'verified'),
    uncapped: inCase.reduce((sum, { weight, added }) => sum + weight - added, 0),
    isCrowded: atMs < all.crowdUntilMs,
  };
}
