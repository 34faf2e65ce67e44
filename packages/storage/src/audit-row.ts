import type { AuditRow } from '@farandole/moderation/store/records';
import type { AuditTableRow } from './schema.ts';

export function readAuditRow(row: AuditTableRow): AuditRow {
  const { seq, atMs, by, action, about, details } = row;
  return {
    seq,
    atMs,
    by: by as AuditRow['by'],
    action,
    about,
    details: details === null ? null : (JSON.parse(details) as AuditRow['details']),
  };
}
