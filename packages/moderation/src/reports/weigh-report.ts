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
import type { ReportReason } from './reason.ts';

/** A report that still has weight, because it wasn't decided as rejected or inconclusive. */
export interface LiveReport {
  /** Weight of the report according to its reporter's record alone. */
  readonly weight: number;
  /** Weight that the report added to the subject's score. */
  readonly added: number;
  /** The report with its weight for restrictions and suspensions by software. */
  readonly weighed: WeighedReport;
  /** Whether the report belongs to the case that the new report joins. */
  readonly inCase: boolean;
}

/** Reasons that show no harm to others. Their reports have the weight 0. */
const HARMLESS: readonly ReportReason[] = ['self-harm', 'not-here-to-learn'];

export interface NewReport extends Omit<WeighedReport, 'weight'> {
  readonly evidence: Report['evidence'];
  readonly reason: Report['reason'];
}

/** @param earlier reports of the same subject that still have weight */
export function weighReport(
  report: NewReport,
  reporter: ReporterRecord,
  earlier: readonly LiveReport[],
): LiveReport {
  const { evidence, reason, ...facts } = report;
  // Chat lines alone add no weight. Their tags prove that the lines were sent but not that they
  // violate a rule, and a reporter can attach any lines.
  const shows = evidence === 'contradicted' ? evidence : 'inconclusive';
  const weight = HARMLESS.includes(reason) ? 0 : weightOfReport(reporter, shows);
  const weighed = { ...facts, weight: weightForSoftware(weight, report.isProven) };
  const added = weightAdded(
    earlier.map((one) => one.weighed),
    weighed,
  );
  return { weight, added, weighed, inCase: true };
}

export interface Judged {
  /** The subject's trust after the new report. */
  readonly trust: Trust;
  /** Grounds from the reports of this case alone. They decide whether a suspension begins. */
  readonly grounds: Grounds;
  /** Whether a member reads the case even if the subject's score is low. */
  readonly isAlwaysRead: boolean;
  /** Weight of the case's reports that counts only for a review and not for a restriction. */
  readonly uncapped: number;
  /** Whether reports by many unproven reporters restrict the subject now. */
  readonly isCrowded: boolean;
}

/**
 * Returns the effects of a weighed report on its subject.
 *
 * @param fewNetworks whether the server's users come from few networks, see `hasFewNetworks`
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
  // Keeps the earlier grounds, so that many new reports can't push out the older ones that
  // restrict the subject.
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
