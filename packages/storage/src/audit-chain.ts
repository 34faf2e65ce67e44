import { createHash, randomBytes } from 'node:crypto';
import type { AuditEntry } from '@farandole/moderation/records';
import type { AuditTableRow } from './schema.ts';

/** What stands before the first row. */
export const GENESIS = { seq: 0, hash: '0'.repeat(64) } as const;

const SALT_BYTES = 16;

/** Where a chain ends, or where one that was shortened begins. */
export interface ChainEnd {
  readonly seq: number;
  readonly hash: string;
}

/** The next row: its hash is over the one before, its own fields, and a digest of its details. */
export function chainRow(before: ChainEnd, entry: AuditEntry): AuditTableRow {
  const salt = randomBytes(SALT_BYTES).toString('base64url');
  const details = JSON.stringify(entry.details);
  const { atMs, by, action, about } = entry;
  const row = { seq: before.seq + 1, atMs, by, action, about, digest: digestOf(salt, details) };
  return { ...row, details, salt, hash: hashOf(before.hash, row) };
}

/**
 * Whether a row is what was written after another. Details that were forgotten leave their digest,
 * by which the chain still holds; those that are there must match it.
 */
export function follows(before: ChainEnd, row: AuditTableRow): boolean {
  if (row.seq !== before.seq + 1 || row.hash !== hashOf(before.hash, row)) return false;
  if (row.details === null || row.salt === null) return row.details === row.salt;
  return digestOf(row.salt, row.details) === row.digest;
}

function digestOf(salt: string, details: string): string {
  return sha256(JSON.stringify([salt, details]));
}

/** SHA-256 over an unambiguous text: JSON of a list has one reading. */
function hashOf(
  before: string,
  row: Pick<AuditTableRow, 'seq' | 'atMs' | 'by' | 'action' | 'about' | 'digest'>,
): string {
  const { seq, atMs, by, action, about, digest } = row;
  return sha256(JSON.stringify([before, seq, atMs, by, action, about, digest]));
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
