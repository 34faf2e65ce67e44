import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import { appendAudit } from '@farandole/accounts/records';
import type { SubjectId } from '@farandole/kernel/id';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { CaseId, DecisionId } from '../ids.ts';
import { actionInQueue } from '../reports/queue-name.ts';
import { type ReportReason, ruleOfReason } from '../reports/reason.ts';
import type { Records } from '../store/records.ts';
import type { Case } from './case-machine.ts';
import { isWhole, openCasesOf } from './lookup.ts';
import { isOpening } from './well-formed.ts';

/**
 * Returns the subject's open case. If there is none, opens one without a report, for example
 * after a message to the operator.
 */
export async function openCase(
  records: Records,
  input: {
    readonly subject: SubjectId;
    readonly reason: ReportReason;
    readonly by: MemberId;
    readonly freshCase: CaseId;
    readonly nowMs: number;
  },
): Promise<Result<Case, 'not-allowed' | 'malformed'>> {
  const { subject, reason, by, freshCase, nowMs } = input;
  if (!isOpening(subject, reason)) return refused('malformed');
  const { lane } = ruleOfReason(reason);
  const allowed = await requireMember(records, by, actionInQueue('decide', lane));
  if (!allowed.ok) return allowed;
  const open = await openCasesOf(records, subject);
  const there = open.find((one) => isWhole(one) || one.lane === lane);
  if (there !== undefined) return ok(there);
  const [last] = await records.cases.find({ subject }, { limit: 1, newestFirst: true });
  const opened: Case = {
    id: freshCase,
    subject,
    device: last?.device ?? null,
    openedAtMs: nowMs,
    reasons: [{ reason, times: 0, firstAtMs: nowMs }],
    reports: 0,
    reporters: 0,
    lane,
    imminent: false,
    handedOn: null,
    ...(lane === 'child-safety' && { apart: true }),
    state: 'queued',
  };
  await records.cases.put(opened);
  await appendAudit(records, { by, nowMs }, 'case.open', freshCase, { reason });
  return ok(opened);
}

/**
 * Returns the subject that a report code or decision id belongs to. The caller must also have
 * checked a private token, because members know codes and ids too.
 */
export async function subjectOfProof(
  records: Records,
  of: { readonly report: string } | { readonly decision: DecisionId },
): Promise<Result<SubjectId, 'unknown'>> {
  if ('decision' in of) {
    const decision = await records.decisions.get(of.decision);
    return decision === null ? refused('unknown') : ok(decision.subject);
  }
  const [report] = await records.reports.find({ code: of.report }, { limit: 1 });
  return report === undefined ? refused('unknown') : ok(report.by);
}
