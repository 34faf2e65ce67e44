import type { Collection } from '@farandole/kernel/collection';

/**
 * Removes at most `limit` entities with a time up to `toMs`, oldest first. Returns how many it
 * removed.
 */
export async function removeOld<Id extends string, Entity extends { readonly id: Id }>(
  from: Collection<Id, Entity, { atMs: number }>,
  toMs: number,
  limit: number,
): Promise<number> {
  const old = await from.find({ atMs: { to: toMs } }, { limit });
  for (const { id } of old) await from.remove(id);
  return old.length;
}
