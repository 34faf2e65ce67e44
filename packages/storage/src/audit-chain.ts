import { createHash, randomBytes } from 'node:crypto';
import type { AuditEntry } from '@farandole/accounts/records';
import { type AuditSeal, NO_SEAL, type SealedEnd } from './audit-seal.ts';
import type { AuditTableRow } from './schema.ts';

/** Both ends of an empty audit chain. They need no seal. */
export const GENESIS: SealedEnd = { seq: 0, hash: '0'.repeat(64), seal: null };

const SALT_BYTES = 16;

/**
 * One end of the audit chain: the last row, or the last of the old rows that were dropped from
 * its beginning. The next row's hash covers it.
 */
export interface ChainEnd {
  readonly seq: number;
  readonly hash: string;
}

/**
 * Builds the audit row that follows `before`, and the chain's new end. The row's hash covers the
 * previous hash, the row's fields and a digest of its details. Once an end has an invalid seal,
 * no later row is sealed, because a valid seal there would hide the tampering.
 */
export function chainRow(
  seal: AuditSeal,
  before: SealedEnd,
  isSound: boolean,
  entry: AuditEntry,
): { readonly row: AuditTableRow; readonly last: SealedEnd } {
  const salt = randomBytes(SALT_BYTES).toString('base64url');
  const details = JSON.stringify(entry.details);
  const { atMs, by, action, about } = entry;
  const row = { seq: before.seq + 1, atMs, by, action, about, digest: digestOf(salt, details) };
  const end = { seq: row.seq, hash: hashOf(before.hash, row) };
  return {
    row: { ...row, ...end, details, salt, seal: isSound ? seal.of('row', end) : NO_SEAL },
    last: { ...end, seal: isSound ? seal.of('last', end) : NO_SEAL },
  };
}

/**
 * Returns the new beginning of the audit chain after its oldest rows were dropped. Seals it only
 * if the dropped rows were intact.
 */
export function firstAfter(
  seal: AuditSeal,
  first: SealedEnd,
  gone: readonly AuditTableRow[],
): SealedEnd {
  let before = first;
  let isSound = first.seq === 0 || first.seal === null || seal.holds('first', first);
  for (const row of gone) {
    isSound &&= follows(before, row) && (row.seal === null || seal.holds('row', row));
    before = row;
  }
  const { seq, hash } = before;
  // A chain's beginning from before seals existed stays unsealed. The next row seals the chain.
  if (isSound && first.seq > 0 && first.seal === null) return { seq, hash, seal: null };
  return { seq, hash, seal: isSound ? seal.of('first', { seq, hash }) : NO_SEAL };
}

/**
 * Returns whether an audit row directly follows the given end of the chain. The row's details
 * must match their digest. Erased details leave only the digest.
 */
export function follows(before: ChainEnd, row: AuditTableRow): boolean {
  if (row.seq !== before.seq + 1 || row.hash !== hashOf(before.hash, row)) return false;
  if (row.details === null || row.salt === null) return row.details === row.salt;
  return digestOf(row.salt, row.details) === row.digest;
}

function digestOf(salt: string, details: string): string {
  return sha256(JSON.stringify([salt, details]));
}

/**
 * Returns the SHA-256 digest of the fields as a JSON list, so that no two lists of fields have
 * the same input.
 */
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
