import type { Collection } from '@farandole/kernel/collection';

/** Removes at most `limit` entities up to time `toMs`, oldest first. Returns the number removed. */
export async function removeOld<Id extends string, Entity extends { readonly id: Id }>(
  from: Collection<Id, Entity, { atMs: number }>,
  toMs: number,
  limit: number,
): Promise<number> {
  const old = await from.find({ atMs: { to: toMs } }, { limit });
  await from.removeAll(old.map(({ id }) => id));
  return old.length;
}
