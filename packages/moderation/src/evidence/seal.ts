import { keepEvidence, reportsOf } from '../cases/decided.ts';
import type { CaseId } from '../ids.ts';
import { NO_END_MS } from '../limits.ts';
import type { Records } from '../store/records.ts';
import { sealPicturesOf } from './pictures.ts';

/**
 * From here on a case may be of a minor: its pictures open for child safety alone, and they and what was written
 * stay until two of them shred it. The case says already that it is theirs.
 */
export async function sealEvidenceOf(records: Records, of: CaseId): Promise<void> {
  await sealPicturesOf(records, of);
  await keepEvidence(records, of, await reportsOf(records, of), () => NO_END_MS);
}
