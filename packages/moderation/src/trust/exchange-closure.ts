import type { SubjectId } from '@farandole/kernel/id';
import type { CaseId } from '../ids.ts';
import {
  CLOSURE_MS,
  CLOSURE_PROVEN_MIN,
  CLOSURE_REPORTS_MS,
  NOTICE_END_STEP_MS,
  WEIGHED_CALL_MS_MIN,
} from '../limits.ts';
import type { ReportReason } from '../reports/reason.ts';
import type { WeighedReport } from './grounds.ts';

/**
 * Language exchange, closed by software for one user because of reports with the reason
 * `not-here-to-learn`. The other ways to meet stay open.
 */
export interface ExchangeClosure {
  readonly case: CaseId;
  /** When the reports were enough. */
  readonly decidedAtMs: number;
  /** `decidedAtMs` and a random delay, so that the time doesn't name the last reporter. */
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  /** Set while too few of the reports still count. */
  readonly liftedAtMs?: number;
}

type ClosureReport = Pick<WeighedReport, 'by' | 'isProven' | 'from' | 'lastedMs' | 'atMs'> & {
  readonly reason: ReportReason;
};

/** Returns the closure that is in force or about to begin, or null. */
export function closureAt(
  closure: ExchangeClosure | undefined,
  nowMs: number,
): ExchangeClosure | null {
  if (closure === undefined || closure.liftedAtMs !== undefined) return null;
  return nowMs < closure.endsAtMs ? closure : null;
}

/** Returns the closure in force, of which its user may know. Null before it begins. */
export function toldClosure(
  closure: ExchangeClosure | undefined,
  nowMs: number,
): ExchangeClosure | null {
  const known = closureAt(closure, nowMs);
  return known === null || nowMs < known.startsAtMs ? null : known;
}

/**
 * Returns the closure after a report with the reason `not-here-to-learn`. A report never changes a
 * closure that is in force, and reports from before an earlier closure's end never count again.
 *
 * @param reports all reports about the subject that still have weight, with the new one
 */
export function closureAfterReport(
  before: ExchangeClosure | undefined,
  reports: readonly ClosureReport[],
  at: { readonly case: CaseId; readonly nowMs: number; readonly delayMs: number },
): ExchangeClosure | undefined {
  const { nowMs, delayMs } = at;
  if (closureAt(before, nowMs) !== null) return before;
  const sinceMs = Math.max(nowMs - CLOSURE_REPORTS_MS, before?.endsAtMs ?? 0);
  if (!areEnough(reports.filter(({ atMs }) => atMs > sinceMs))) return before;
  const startsAtMs = nowMs + delayMs;
  const endsAtMs = Math.ceil((startsAtMs + CLOSURE_MS) / NOTICE_END_STEP_MS) * NOTICE_END_STEP_MS;
  return { case: at.case, decidedAtMs: nowMs, startsAtMs, endsAtMs };
}

/**
 * Returns the closure after verdicts changed. It is lifted while too few of its reports count.
 *
 * @param live the reports about the subject that no verdict rejected
 */
export function closureAfterVerdict(
  closure: ExchangeClosure | undefined,
  live: readonly ClosureReport[],
  nowMs: number,
): ExchangeClosure | undefined {
  if (closure === undefined) return undefined;
  const { liftedAtMs, ...rest } = closure;
  const { decidedAtMs } = closure;
  const counted = live.filter(
    ({ atMs }) => atMs <= decidedAtMs && atMs > decidedAtMs - CLOSURE_REPORTS_MS,
  );
  return areEnough(counted) ? rest : { ...rest, liftedAtMs: liftedAtMs ?? nowMs };
}

/** Whether enough proven reporters of different networks say that the user isn't there to learn. */
function areEnough(reports: readonly ClosureReport[]): boolean {
  const reporters = new Set<SubjectId>();
  const networks = new Set<string>();
  for (const { reason, isProven, from, lastedMs, by } of reports) {
    const isLong = lastedMs !== null && lastedMs >= WEIGHED_CALL_MS_MIN;
    if (reason !== 'not-here-to-learn' || !isProven || from === null || !isLong) continue;
    // A reporter with several networks counts once, and so does a network with several reporters.
    if (reporters.has(by) || networks.has(from.network)) continue;
    reporters.add(by);
    networks.add(from.network);
  }
  return reporters.size >= CLOSURE_PROVEN_MIN;
}
