import type { CaseState } from '../cases/case-machine.ts';
import type { Records } from '../store/records.ts';
import { isMadeUp } from './verdict.ts';

/** What became of a report, as far as whoever made it is told. */
export type ReportOutcome = 'received' | 'in-review' | 'action-taken' | 'no-breach' | 'gone';

/** Somebody has it before them. */
const LOOKED_AT: ReadonlySet<CaseState> = new Set<CaseState>(['assigned', 'escalated']);

/**
 * The outcome of the report of a code, as it stands after any appeal. What was decided, and about whom
 * besides, is nothing that a reporter is told.
 */
export async function readReportOutcome(
  records: Records,
  { code }: { readonly code: string },
): Promise<ReportOutcome> {
  const [report] = await records.reports.find({ code }, { limit: 1 });
  if (report === undefined) return 'gone';
  if (report.verdict === 'upheld') return 'action-taken';
  const of = await records.cases.get(report.case);
  // Nobody has looked at one whose lines were made up before somebody decides its case.
  const isOpen = report.verdict === 'waiting' || (isMadeUp(report) && of?.state !== 'closed');
  if (!isOpen) return 'no-breach';
  return of !== null && LOOKED_AT.has(of.state) ? 'in-review' : 'received';
}
