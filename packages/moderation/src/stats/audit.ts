import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import { ok, type Result } from '@farandole/kernel/result';
import { AUDIT_PAGE_MAX } from '../limits.ts';
import type { AuditCheckpoint, AuditRow, AuditVerdict, Records } from '../store/records.ts';

export interface AuditPage {
  /** One page of audit rows, newest first. */
  readonly rows: readonly AuditRow[];
  /** Number of the last row in the audit log. */
  readonly head: number;
  readonly verdict: AuditVerdict;
}

/** Returns a page of the audit rows after a given row. `by` is null for the command line. */
export async function readAudit(
  records: Records,
  input: { readonly by: MemberId | null; readonly after: number },
): Promise<Result<readonly AuditRow[], 'not-allowed'>> {
  if (input.by !== null) {
    const allowed = await requireMember(records, input.by, 'audit.read');
    if (!allowed.ok) return allowed;
  }
  return ok(await records.audit.after(input.after, AUDIT_PAGE_MAX));
}

/**
 * Checks that no row of the audit log was altered or removed.
 *
 * @param known an earlier end of the log, which the caller stored outside the database
 */
export async function verifyAudit(
  records: Records,
  known: AuditCheckpoint | null,
): Promise<AuditVerdict> {
  return await records.audit.verify(known);
}

/** Returns the end of the audit log, to store elsewhere. Null if it doesn't continue `known`. */
export async function checkpointAudit(
  records: Records,
  known: AuditCheckpoint | null,
): Promise<AuditCheckpoint | null> {
  return await records.audit.checkpoint(known);
}
