import { brandId, isId, type MatchId, type SubjectId } from '@farandole/kernel/id';
import { isSeat } from '@farandole/protocol/fields';
import type { BlockRecord, Signer, UnblockRecord } from './ports.ts';
import { parsePayload } from './sealed-payload.ts';

export type BlockClaims = Pick<UnblockRecord, 'match' | 'side' | 'by' | 'of' | 'mark'>;

/** Encrypts a proof that lets a user remove their own block later. Null for a permanent block. */
export function sealBlockProof(signer: Signer, record: BlockRecord): string | null {
  const { match, side, by, of, mark } = record;
  if (side === null || mark === null) return null;
  return signer.seal('block', JSON.stringify({ match, side, by, of, mark }));
}

/**
 * Decrypts the proof with which a user removes a block. Null if the proof is forged or from
 * another server. Doesn't check whether the block still exists.
 */
export function openBlockProof(signer: Pick<Signer, 'open'>, token: string): BlockClaims | null {
  const payload = parsePayload(signer.open('block', token));
  if (payload === null) return null;
  const { match, side, by, of, mark } = payload;
  if (typeof match !== 'string' || !isId(match)) return null;
  if (!isSeat(side)) return null;
  if (typeof by !== 'string' || !isId(by) || typeof of !== 'string' || !isId(of)) return null;
  if (typeof mark !== 'string' || !isId(mark)) return null;
  const [who, whom] = [brandId<SubjectId>(by), brandId<SubjectId>(of)];
  return { match: brandId<MatchId>(match), side, by: who, of: whom, mark };
}
