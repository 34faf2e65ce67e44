import type { SubjectId } from '@farandole/kernel/id';
import type { DecisionId } from '../ids.ts';
import { RESTRICTIONS_MAX, SHARED_APPEAL_KEPT_MS } from '../limits.ts';
import { isActive } from '../sanctions/sanction.ts';
import type { Records } from '../store/records.ts';
import type { Appeal } from './appeal.ts';

export async function appealsBy(
  records: Records,
  author: SubjectId,
  decisions: readonly DecisionId[],
): Promise<readonly Appeal[]> {
  const filed: Appeal[] = [];
  for (const decision of decisions) {
    filed.push(...(await records.appeals.find({ decision, standing: 'subject' }, { limit: 1 })));
  }
  filed.push(...(await records.appeals.find({ author }, { limit: RESTRICTIONS_MAX })));
  return filed;
}

export async function isAwaited(records: Records, appeal: Appeal, nowMs: number): Promise<boolean> {
  if (appeal.state !== 'waiting') return false;
  if (appeal.standing === 'age') return appeal.endsAtMs > nowMs;
  if (appeal.standing !== 'affected') return true;
  const sanction = await records.sanctions.get(appeal.sanction);
  return sanction !== null && isActive(sanction, nowMs);
}

/** Erases the texts of a user's appeals. A waiting appeal keeps its text until the answer. */
export async function eraseAppeals(
  records: Records,
  appeals: readonly Appeal[],
  nowMs: number,
): Promise<{ readonly erased: number; readonly needed: number }> {
  let [erased, needed] = [0, 0];
  for (const appeal of appeals) {
    if (await isAwaited(records, appeal, nowMs)) {
      await records.appeals.put({ ...appeal, erasureAskedAtMs: nowMs });
      needed += 1;
    } else {
      await records.words.destroyKey('appeal', appeal.id);
      erased += 1;
    }
  }
  return { erased, needed };
}

export async function removeAppealsAgainst(records: Records, decision: DecisionId): Promise<void> {
  for (const appeal of await records.appeals.find({ decision }, { limit: RESTRICTIONS_MAX })) {
    await remove(records, appeal);
  }
}

/**
 * Removes appeals by affected users, against measures by software, and against age refusals
 * `SHARED_APPEAL_KEPT_MS` after filing, unless they still wait for an answer.
 */
export async function removeOldShared(
  records: Records,
  nowMs: number,
  limit: number,
): Promise<number> {
  const standing = { oneOf: ['affected', 'measure', 'age'] } as const;
  const old = { standing, atMs: { to: nowMs - SHARED_APPEAL_KEPT_MS } };
  let count = 0;
  for (const appeal of await records.appeals.find(old, { limit: RESTRICTIONS_MAX })) {
    if (count >= limit) break;
    if (await isAwaited(records, appeal, nowMs)) continue;
    await remove(records, appeal);
    count += 1;
  }
  return count;
}

async function remove(records: Records, { id }: Appeal): Promise<void> {
  await records.words.destroyKey('appeal', id);
  await records.appeals.remove(id);
}
