import { ok, type Result, refused } from '@farandole/kernel/result';
import type { MemberId } from '../ids.ts';
import type { Records } from '../records.ts';
import { may } from '../roles.ts';
import { readQueue } from './queue.ts';
import { readAppeals, readApprovals } from './waiting.ts';

/** What waits for a member; null where their roles do not let them see it. */
export interface Counts {
  /** Cases that nobody has. */
  readonly waiting: number | null;
  /** Of these, those that somebody should have looked at by now. */
  readonly late: number | null;
  /** Cases that this member has. */
  readonly mine: number | null;
  /** What this member may say yes or no to. */
  readonly approvals: number | null;
  readonly appeals: number | null;
}

/** Another number after anything was done: whoever has the same need not ask again. */
export async function readVersion(records: Records): Promise<number> {
  return await records.audit.head();
}

export async function countWaiting(
  records: Records,
  { by, nowMs }: { readonly by: MemberId; readonly nowMs: number },
): Promise<Result<Counts, 'not-allowed'>> {
  const member = await records.members.get(by);
  if (member === null || member.leftAtMs !== null) return refused('not-allowed');
  const { roles } = member;
  const queue = may(roles, 'queue.read') ? await readQueue(records, { by, nowMs }) : null;
  const approvals = await readApprovals(records, { by });
  const appeals = await readAppeals(records, { by });
  const cases = queue?.ok === true ? queue.value : null;
  const free = cases?.filter(
    ({ of }) =>
      of.state === 'queued' ||
      of.state === 'reopened' ||
      (of.state === 'assigned' && of.untilMs <= nowMs),
  );
  return ok({
    waiting: free?.length ?? null,
    late: free?.filter(({ priority }) => priority.dueAtMs <= nowMs).length ?? null,
    mine:
      cases?.filter(({ of }) => of.state === 'assigned' && of.to === by && nowMs < of.untilMs)
        .length ?? null,
    approvals: approvals.ok
      ? approvals.value.filter((waiting) => waiting.may === 'answer').length
      : null,
    appeals: appeals.ok ? appeals.value.filter(({ mayAnswer }) => mayAnswer).length : null,
  });
}
