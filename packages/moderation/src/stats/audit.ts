import type { MemberId } from '@farandole/accounts/ids';
import { requireMember } from '@farandole/accounts/members';
import { ok, type Result } from '@farandole/kernel/result';
import { AUDIT_PAGE_MAX } from '../limits.ts';
import type { AuditCheckpoint, AuditRow, AuditVerdict, Records } from '../store/records.ts';

/** A page of the audit as the console shows it. */
export interface AuditPage {
  /** The newest first. */
  readonly rows: readonly AuditRow[];
  /** The number of the last row of all. */
  readonly head: number;
  readonly verdict: AuditVerdict;
}

/** A page of the audit after a row; `by: null` is somebody at the machine itself. */
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

/** @param known where it ended once, if that was kept somewhere else than the store */
export async function verifyAudit(
  records: Records,
  known: AuditCheckpoint | null,
): Promise<AuditVerdict> {
  return await records.audit.verify(known);
}

/** Where the audit ends, to be kept somewhere else; null where it does not go on from `known`. */
export async function checkpointAudit(
  records: Records,
  known: AuditCheckpoint | null,
): Promise<AuditCheckpoint | null> {
  return await records.audit.checkpoint(known);
}
