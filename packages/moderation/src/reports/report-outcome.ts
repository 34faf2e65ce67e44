import type { CaseState } from '../cases/case-machine.ts';
import type { Records } from '../store/records.ts';
import { isMadeUp } from './verdict.ts';

/** The outcome of a report as its reporter sees it. */
export type ReportOutcome = 'received' | 'in-review' | 'action-taken' | 'no-breach' | 'gone';

/** States in which a moderator has opened the case. */
const LOOKED_AT: ReadonlySet<CaseState> = new Set<CaseState>(['assigned', 'escalated']);

/** Returns the outcome after any appeal. The measure and other reports aren't included. */
export async function readReportOutcome(
  records: Records,
  { code }: { readonly code: string },
): Promise<ReportOutcome> {
  const [report] = await records.reports.find({ code }, { limit: 1 });
  if (report === undefined) return 'gone';
  if (report.verdict === 'upheld') return 'action-taken';
  const of = await records.cases.get(report.case);
  // A report with forged lines stays `received` or `in-review` until its case is decided.
  const isOpen = report.verdict === 'waiting' || (isMadeUp(report) && of?.state !== 'closed');
  if (!isOpen) return 'no-breach';
  return of !== null && LOOKED_AT.has(of.state) ? 'in-review' : 'received';
}
