import type { CaseState } from '../cases/case-machine.ts';
import type { Records } from '../store/records.ts';
import { isMadeUp } from './verdict.ts';

/** The outcome of a report as shown to its reporter. */
export type ReportOutcome = 'received' | 'in-review' | 'action-taken' | 'no-breach' | 'gone';

/** States of a case that a moderator has already opened. */
const LOOKED_AT: ReadonlySet<CaseState> = new Set<CaseState>(['assigned', 'escalated']);

/** Returns the outcome of a report after any appeal. Reveals no measure and no other reports. */
export async function readReportOutcome(
  records: Records,
  { code }: { readonly code: string },
): Promise<ReportOutcome> {
  const [report] = await records.reports.find({ code }, { limit: 1 });
  if (report === undefined) return 'gone';
  if (report.verdict === 'upheld') return 'action-taken';
  const of = await records.cases.get(report.case);
  // A report with forged lines is shown as `received` or `in-review` until its case is decided,
  // although it was rejected at once.
  const isOpen = report.verdict === 'waiting' || (isMadeUp(report) && of?.state !== 'closed');
  if (!isOpen) return 'no-breach';
  return of !== null && LOOKED_AT.has(of.state) ? 'in-review' : 'received';
}
