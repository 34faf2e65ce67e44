import { type FoldId, NO_NETWORK } from '../ids.ts';
import { PIN_PEOPLE_MAX, PIN_SEEN_MS, TURNS_READ_MAX } from '../limits.ts';
import { ruleOfReason } from '../reports/reason.ts';
import { severityOf } from '../reports/triage.ts';
import { readAll } from '../store/read-all.ts';
import type { Records } from '../store/records.ts';
import type { StoredReport } from '../store/stored.ts';
import { anchorsOf } from '../trust/networks.ts';
import type { Case } from './case-machine.ts';
import { queueOfReport, type Report } from './intake.ts';
import { isFolded, isListed } from './queue-place.ts';

/** How the reporter's network or device affects the report's place in the queue. */
export interface ReportSource {
  /**
   * Position in the queue's turn order: one more than the turn of the last waiting case of the
   * same queue and severity from the reporter's network. For a folded report, from the device.
   */
  readonly turn: number;
  /** The fold (row of one network's excess reports) of the report. Null if it isn't folded. */
  readonly fold: FoldId | null;
  /** True if the report can't pin its case, because reporter and subject share a small network. */
  readonly losesPin: boolean;
}

const ALONE: ReportSource = { turn: 1, fold: null, losesPin: false };

export interface SourceFacts {
  readonly byProven: boolean;
  readonly ofProven: boolean;
  /** Whether the reporter's network had exceeded its report budget. */
  readonly isOverBudget: boolean;
  /** Id to use if the report starts a fold. */
  readonly freshFold: FoldId;
}

export async function sourceOf(
  records: Records,
  report: Report,
  { byProven, ofProven, isOverBudget, freshFold }: SourceFacts,
): Promise<ReportSource> {
  const { from, byDevice } = report;
  if (byProven || from === undefined) return ALONE;
  const losesPin = !ofProven && (await isFromOwnSmallNetwork(records, report));
  const lane = queueOfReport(report);
  const { severity } = ruleOfReason(report.reason);
  const isEqual = (of: Case): boolean => of.lane === lane && severityOf(of) === severity;
  // A report that may be about a minor never belongs to a fold.
  if (!isOverBudget || lane === 'child-safety') {
    const earlier = await latest(records, { source: from.network });
    const waiting = earlier.filter((of) => isListed(of) && isEqual(of));
    return { turn: turnAfter(waiting), fold: null, losesPin };
  }
  const options = { limit: 1, newestFirst: true };
  const [last] = await records.reports.find({ foldSource: from.network }, options);
  const fold = last?.fold ?? freshFold;
  const earlier = byDevice === undefined ? [] : await latest(records, { foldDevice: byDevice });
  const inFold = earlier.filter((of) => isFolded(of) && of.fold === fold && isEqual(of));
  return { turn: turnAfter(inFold), fold, losesPin };
}

function turnAfter(cases: readonly Case[]): number {
  return Math.max(0, ...cases.map(({ turn = 1 }) => turn)) + 1;
}

/** Returns the cases to which the newest reports from a network or device belong. */
async function latest(
  records: Records,
  by: { readonly source: string } | { readonly foldDevice: string },
): Promise<readonly Case[]> {
  const options = { limit: TURNS_READ_MAX, newestFirst: true };
  const reports: readonly StoredReport[] = await records.reports.find(by, options);
  const cases = await readAll(
    records.cases,
    reports.map((report) => report.case),
  );
  return [...cases.values()];
}

/**
 * Returns whether a report can't pin its case, because the subject used the reporter's network and
 * few users were seen on that network lately. Otherwise one person with two cookies could pin any
 * number of cases. Reports that may be about a minor always pin their case.
 */
async function isFromOwnSmallNetwork(
  records: Records,
  { of, from, reason, atMs }: Report,
): Promise<boolean> {
  const { pinned, lane } = ruleOfReason(reason);
  if (from === undefined || !pinned || lane === 'child-safety') return false;
  // The store has the network of an IPv6 user with the prefix length of `parent`.
  const names = [from.network, from.parent];
  const theirs = await anchorsOf(records, of, PIN_PEOPLE_MAX);
  if (!theirs.some(({ network }) => network !== NO_NETWORK && names.includes(network)))
    return false;
  const lately = { network: { oneOf: names }, atMs: { from: atMs - PIN_SEEN_MS } };
  // The store has at most one row per user for each of the two network names.
  const seen = await records.anchors.find(lately, { limit: 2 * (PIN_PEOPLE_MAX + 1) });
  return new Set(seen.map(({ subject }) => subject)).size <= PIN_PEOPLE_MAX;
}
