import type { MemberId } from '@farandole/accounts/ids';
import { appendAudit } from '@farandole/accounts/records';
import {
  AUDIT_PAGE_MAX,
  CASE_STEPS_SHOWN_MAX,
  READ_AGAIN_MS,
  REVEALS_MORE,
  SHIFT_MS,
  SHIFT_READS_MAX,
} from '../limits.ts';
import type { Records } from '../store/records.ts';

const READS = ['case.read', 'appeal.read', 'proposal.read'] as const;

type Read = (typeof READS)[number];

/** Returns how many different cases, appeals and proposals a member read in the current shift. */
export async function readsOf(records: Records, by: MemberId, nowMs: number): Promise<number> {
  let count = 0;
  for (const read of READS) count += await records.audit.countAbout(by, read, nowMs - SHIFT_MS);
  return count;
}

/** Returns how many additional reads senior moderators allowed a member in the current shift. */
export async function moreAllowed(
  records: Records,
  member: MemberId,
  nowMs: number,
): Promise<number> {
  const about = await records.audit.of(member, AUDIT_PAGE_MAX);
  const allowed = about.filter(
    ({ action, atMs }) => action === 'reveals.allow' && atMs >= nowMs - SHIFT_MS,
  );
  return REVEALS_MORE * allowed.length;
}

/**
 * Writes a member's read to the audit log before the content is shown. Repeated reads within
 * `READ_AGAIN_MS` are written once, because an open page reloads at each change.
 *
 * @returns false if the member has reached the reading limit of the shift; urgent items and
 * items already read don't count
 */
export async function noteRead(
  records: Records,
  input: {
    readonly action: Read;
    readonly about: string;
    readonly by: MemberId;
    readonly presses: boolean;
    readonly nowMs: number;
  },
): Promise<boolean> {
  const { action, about, by, presses, nowMs } = input;
  const rows = await records.audit.of(about, CASE_STEPS_SHOWN_MAX);
  const last = rows.findLast((row) => row.action === action && row.by === by);
  const sinceMs = last === undefined ? Number.POSITIVE_INFINITY : nowMs - last.atMs;
  if (sinceMs < READ_AGAIN_MS) return true;
  if (!presses && sinceMs >= SHIFT_MS) {
    const max = SHIFT_READS_MAX + (await moreAllowed(records, by, nowMs));
    if ((await readsOf(records, by, nowMs)) >= max) return false;
  }
  await appendAudit(records, { by, nowMs }, action, about);
  return true;
}
