import type { SubjectId } from '@farandole/kernel/id';
import { OWN_DECISIONS_MAX, STRIKE_MS } from '../limits.ts';
import type { ReportReason } from '../reports/reason.ts';
import type { Records } from '../store/records.ts';

export interface OwnWarning {
  readonly atMs: number;
  readonly reason: ReportReason;
}

/** Returns a user's newest active warning, so that the page can show it. */
export async function readOwnWarning(
  records: Records,
  { subject, nowMs }: { readonly subject: SubjectId; readonly nowMs: number },
): Promise<OwnWarning | null> {
  const decisions = await records.decisions.find(
    { subject, atMs: { from: nowMs - STRIKE_MS + 1 } },
    { limit: OWN_DECISIONS_MAX, newestFirst: true },
  );
  const warning = decisions.find(
    ({ measure, reversedAtMs }) => measure === 'warn' && reversedAtMs === null,
  );
  return warning === undefined ? null : { atMs: warning.atMs, reason: warning.reason };
}
