import type { Collection } from '@farandole/kernel/collection';

/** Returns the existing entities with these ids as a map by id. It makes one query. */
export async function readAll<Id extends string, Entity extends { readonly id: Id }>(
  from: Collection<Id, Entity, { id: Id }>,
  ids: readonly Id[],
): Promise<ReadonlyMap<Id, Entity>> {
  const asked = [...new Set(ids)];
  if (asked.length === 0) return new Map();
  const found = await from.find({ id: { oneOf: asked } }, { limit: asked.length });
  return new Map(found.map((entity) => [entity.id, entity]));
}
