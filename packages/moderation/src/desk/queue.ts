import { ok, type Result } from '@farandole/kernel/result';
import type { Case } from '../case-machine.ts';
import type { CaseId, MemberId } from '../ids.ts';
import type { Decision, KeptReport, Words } from '../kept.ts';
import { QUEUE_ORDERED_MAX, QUEUE_SHOWN_MAX } from '../limits.ts';
import type { Records } from '../records.ts';
import { actionInLane, may } from '../roles.ts';
import { countStrikes } from '../strike.ts';
import { byPriority, type Priority, priorityOf } from '../triage.ts';
import { trustAt } from '../trust.ts';
import { openFor, type StepRefusal } from './case-steps.ts';
import { reportsOf } from './decide.ts';
import { requireMember } from './members.ts';
import { personOf } from './people.ts';

export interface QueuedCase {
  readonly of: Case;
  readonly priority: Priority;
}

/** The cases that wait for somebody and that this member may see, the most pressing first. */
export async function readQueue(
  records: Records,
  input: { readonly by: MemberId; readonly nowMs: number },
): Promise<Result<readonly QueuedCase[], 'not-allowed'>> {
  const allowed = await requireMember(records, input.by, 'queue.read');
  if (!allowed.ok) return allowed;
  const { roles } = allowed.value;
  const cases = await records.cases.find(
    { state: { oneOf: ['queued', 'assigned', 'escalated', 'reopened'] } },
    { limit: QUEUE_ORDERED_MAX },
  );
  const queue: QueuedCase[] = [];
  for (const of of cases) {
    if (!may(roles, actionInLane('read', of.lane))) continue;
    const { trust } = await personOf(records, of.subject, input.nowMs);
    // Whom somebody met is in no ledger yet: everybody has met as many.
    const subject = { trust: trustAt(trust, input.nowMs), metLastHour: 0 };
    queue.push({ of, priority: priorityOf(of, subject, input.nowMs) });
  }
  const ordered = queue.toSorted((a, b) =>
    byPriority({ priority: a.priority, facts: a.of }, { priority: b.priority, facts: b.of }),
  );
  return ok(ordered.slice(0, QUEUE_SHOWN_MAX));
}

export interface ShownReport {
  readonly report: KeptReport;
  /** Null once they are shredded. */
  readonly words: Words | null;
}

export interface ShownCase {
  readonly of: Case;
  readonly reports: readonly ShownReport[];
  readonly decisions: readonly Decision[];
  /** Strikes of the subject that count now. */
  readonly strikes: number;
}

/** A case with all that was written; that somebody read it is written down too. */
export async function showCase(
  records: Records,
  input: { readonly case: CaseId; readonly by: MemberId; readonly nowMs: number },
): Promise<Result<ShownCase, Extract<StepRefusal, 'not-allowed' | 'unknown'>>> {
  const { case: id, by, nowMs } = input;
  const opened = await openFor(records, id, by, 'case.read');
  if (!opened.ok) return opened;
  const { of } = opened.value;
  const reports: ShownReport[] = [];
  for (const report of (await reportsOf(records, id)).slice(0, QUEUE_SHOWN_MAX)) {
    reports.push({ report, words: await records.words.get('report', report.id) });
  }
  const decisions = await records.decisions.find({ subject: of.subject }, { limit: 100 });
  const strikes = await records.strikes.find({ subject: of.subject }, { limit: 1_000 });
  await records.audit.append({ by, action: 'case.read', about: id, atMs: nowMs, details: {} });
  return ok({ of, reports, decisions, strikes: countStrikes(strikes, nowMs) });
}
