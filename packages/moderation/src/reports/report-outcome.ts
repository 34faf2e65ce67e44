import type { CaseState } from '../cases/case-machine.ts';
import type { Records } from '../store/records.ts';
import { isMadeUp } from './verdict.ts';

/** A report's outcome as shown to its reporter. */
export type ReportOutcome = 'received' | 'in-review' | 'action-taken' | 'no-breach' | 'gone';

/** A moderator has opened it. */
const LOOKED_AT: ReadonlySet<CaseState> = new Set<CaseState>(['assigned', 'escalated']);

/** After any appeal. Reporters don't learn the measure or other subjects. */
export async function readReportOutcome(
  records: Records,
  { code }: { readonly code: string },
): Promise<ReportOutcome> {
  const [report] = await records.reports.find({ code }, { limit: 1 });
  if (report === undefined) return 'gone';
  if (report.verdict === 'upheld') return 'action-taken';
  const of = await records.cases.get(report.case);
  // A report with forged lines isn't reviewed before its case is decided.
  const isOpen = report.verdict === 'waiting' || (isMadeUp(report) && of?.state !== 'closed');
  if (!isOpen) return 'no-breach';
  return of !== null && LOOKED_AT.has(of.state) ? 'in-review' : 'received';
}
