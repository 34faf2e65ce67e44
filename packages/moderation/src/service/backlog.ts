import { appealsThatWait } from '../appeals/waiting-appeals.ts';
import { firstListed } from '../cases/queue.ts';
import { COUNTED_AT_ONCE } from '../limits.ts';
import { QUEUES, type QueueName } from '../reports/queue-name.ts';
import { dueAtMsOf, isPinned } from '../reports/triage.ts';
import type { Records } from '../store/records.ts';
import { countUnopenable } from './counts.ts';

/** Numbers of undecided cases in a queue. A case counts until its decision, also while assigned. */
export interface QueueBacklog {
  readonly open: number;
  /** Cases after their deadline, among the first `QUEUE_ORDERED_MAX` of the queue. */
  readonly late: number;
  /** Pinned cases after their deadline. They are also in `late`. */
  readonly pinnedLate: number;
}

/** Work that waits for the staff, without regard to what a single member may see. */
export interface Backlog {
  readonly queues: Readonly<Record<QueueName, QueueBacklog>>;
  readonly appeals: number;
  /** Number of open child-safety cases that no member has the role to open. */
  readonly unopenable: number;
}

/** Returns the numbers for the operator's metrics and alerts. Reads no text. */
export async function readBacklog(
  records: Records,
  { nowMs }: { readonly nowMs: number },
): Promise<Backlog> {
  const states = ['queued', 'assigned', 'escalated', 'reopened'] as const;
  const queues = new Map<QueueName, QueueBacklog>();
  for (const lane of QUEUES) {
    const open = await records.cases.count({ lane, state: { oneOf: states } });
    const first = open === 0 ? [] : await firstListed(records, [lane]);
    const late = first.filter((of) => dueAtMsOf(of) <= nowMs);
    queues.set(lane, { open, late: late.length, pinnedLate: late.filter(isPinned).length });
  }
  let appeals = 0;
  for await (const page of appealsThatWait(records, COUNTED_AT_ONCE, nowMs)) appeals += page.length;
  return {
    queues: Object.fromEntries(queues) as Backlog['queues'],
    appeals,
    unopenable: await countUnopenable(records),
  };
}
