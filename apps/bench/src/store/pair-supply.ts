import { randomBytes } from 'node:crypto';
import { brandId, type DeviceKeyId, type MatchId, type SubjectId } from '@farandole/kernel/id';
import type { StoredPair } from '@farandole/moderation/store/stored';

/** Number of pairs in a batch, as a busy node sends them. */
export const PAIRS_AT_ONCE = 200;

const MATCH_BYTES = 16;
const HASH_BYTES = 32;

/** Returns pairs of new people with random ids of the same length as a node's. */
export function freshPairs(): readonly StoredPair[] {
  const atMs = Date.now();
  return Array.from({ length: PAIRS_AT_ONCE }, () => ({
    id: brandId<MatchId>(randomId(MATCH_BYTES)),
    atMs,
    sides: [freshSide(), freshSide()] as const,
    mode: 'video',
    age: 'declared',
    policy: 1,
  }));
}

function freshSide(): StoredPair['sides'][0] {
  return {
    subject: brandId<SubjectId>(randomId(HASH_BYTES)),
    device: brandId<DeviceKeyId>(randomId(HASH_BYTES)),
    place: { tier: 'normal', circle: 'normal' },
  };
}

function randomId(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}
