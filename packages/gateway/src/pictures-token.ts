import { brandId, isId, type MatchId } from '@farandole/kernel/id';
import { isSeat, type Seat } from '@farandole/protocol/fields';
import { PICTURES_TOKEN_LIFETIME_MS } from '@farandole/protocol/limits';
import type { ReportRecord, Signer } from './ports.ts';
import { parsePayload } from './sealed-payload.ts';

export interface PicturesClaims {
  readonly match: MatchId;
  readonly reporterSide: Seat;
}

/** Encrypts a token that allows uploading pictures for one report. */
export function sealPicturesToken(
  signer: Signer,
  { match, reporterSide }: Pick<ReportRecord, 'match' | 'reporterSide'>,
  nowWallMs: number,
): string {
  const expiresAtWallMs = nowWallMs + PICTURES_TOKEN_LIFETIME_MS;
  return signer.seal('pictures', JSON.stringify({ match, reporterSide, expiresAtWallMs }));
}

/** Null if the token is forged or expired. Doesn't check whether the token was already used. */
export function openPicturesToken(
  signer: Pick<Signer, 'open'>,
  token: string,
  nowWallMs: number,
): PicturesClaims | null {
  const payload = parsePayload(signer.open('pictures', token));
  if (payload === null) return null;
  const { match, reporterSide, expiresAtWallMs } = payload;
  if (typeof match !== 'string' || !isId(match)) return null;
  if (!isSeat(reporterSide)) return null;
  if (typeof expiresAtWallMs !== 'number' || nowWallMs >= expiresAtWallMs) return null;
  return { match: brandId<MatchId>(match), reporterSide };
}
