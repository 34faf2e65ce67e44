import type { SubjectId } from '@farandole/kernel/id';
import { CASE_KEPT_MS, NETWORK_APART_KEPT_MS, PAIR_KEPT_MS } from '../limits.ts';
import type { Records } from '../store/records.ts';
import { type StoredSeparation, withoutAuthor } from './separation.ts';

/** Separations that name their author. */
export const AUTHORED = { oneOf: ['block', 'report'] } as const;

const FORGOTTEN_AT_ONCE = 500;

/** Forgets that a user blocked or reported others. The users stay apart. */
export async function forgetAuthor(records: Records, by: SubjectId): Promise<void> {
  for (;;) {
    const some = await records.blocks.find({ by, kind: AUTHORED }, { limit: FORGOTTEN_AT_ONCE });
    await replace(records, some, withoutAuthor);
    if (some.length < FORGOTTEN_AT_ONCE) return;
  }
}

/**
 * Forgets the authors of blocks after `PAIR_KEPT_MS` and of reports after `CASE_KEPT_MS`, and the
 * networks of both after `NETWORK_APART_KEPT_MS`.
 *
 * @returns the number of changed separations, at most `limit` of each of these
 */
export async function forgetOldAuthors(
  records: Records,
  nowMs: number,
  limit: number,
): Promise<number> {
  const until = (keptMs: number) => ({ atMs: { to: nowMs - keptMs } });
  const named = await records.blocks.find(
    { namesNetwork: 1, ...until(NETWORK_APART_KEPT_MS) },
    { limit },
  );
  await replace(records, named, (separation) => ({ ...separation, ofNetwork: null }));
  const blocks = { kind: 'block', ...until(PAIR_KEPT_MS) } as const;
  const reports = { kind: 'report', ...until(CASE_KEPT_MS) } as const;
  let most = named.length;
  for (const by of [blocks, reports]) {
    const old = await records.blocks.find(by, { limit });
    await replace(records, old, withoutAuthor);
    most = Math.max(most, old.length);
  }
  return most;
}

async function replace(
  records: Records,
  separations: readonly StoredSeparation[],
  by: (separation: StoredSeparation) => StoredSeparation,
): Promise<void> {
  for (const separation of separations) {
    // PostgreSQL repeats the command if the author removed the block at the same time. A write
    // alone would insert the block again.
    await records.blocks.remove(separation.id);
    await records.blocks.put(by(separation));
  }
}
