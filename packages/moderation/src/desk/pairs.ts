import type { SubjectId } from '@farandole/kernel/id';
import type { KeptPair } from '../kept.ts';
import { PAIR_KEPT_MS, PAIRS_LOOKED_AT_MAX } from '../limits.ts';
import type { Records } from '../records.ts';
import { removeOld } from './remove-old.ts';

const HOUR_MS = 3_600_000;

/** Who was brought together, told in bundles by every node. What is known of a pair stays as it was. */
export async function notePairs(
  records: Records,
  { pairs }: { readonly pairs: readonly KeptPair[] },
): Promise<number> {
  await records.pairs.putAll(pairs, 'stay');
  return pairs.length;
}

/** How many people each of these has met in the last hour. */
export async function metLastHour(
  records: Records,
  subjects: readonly SubjectId[],
  nowMs: number,
): Promise<(subject: SubjectId) => number> {
  const met = new Map<SubjectId, Set<SubjectId>>(subjects.map((subject) => [subject, new Set()]));
  const among = { oneOf: [...met.keys()] };
  const atMs = { from: nowMs - HOUR_MS };
  const options = { limit: PAIRS_LOOKED_AT_MAX, newestFirst: true };
  if (met.size > 0) {
    for (const by of [
      { a: among, atMs },
      { b: among, atMs },
    ]) {
      for (const { sides } of await records.pairs.find(by, options)) {
        const [{ subject: a }, { subject: b }] = sides;
        met.get(a)?.add(b);
        met.get(b)?.add(a);
      }
    }
  }
  return (subject) => met.get(subject)?.size ?? 0;
}

export async function removeOldPairs(
  records: Records,
  nowMs: number,
  limit: number,
): Promise<number> {
  return await removeOld(records.pairs, nowMs - PAIR_KEPT_MS, limit);
}
