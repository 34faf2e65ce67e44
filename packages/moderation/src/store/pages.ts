import type { Collection } from '@farandole/kernel/collection';

/**
 * Yields waiting items in pages, oldest first. If the member may not see some items, it reads
 * further pages, so that these items don't hide later ones.
 */
export async function* thatWait<Id extends string, Entity extends { readonly id: Id }>(
  from: Collection<Id, Entity, { state: 'waiting' }>,
  atOnce: number,
): AsyncGenerator<readonly Entity[], void, undefined> {
  for (let skip = 0; ; skip += atOnce) {
    const some = await from.find({ state: 'waiting' }, { limit: atOnce, skip });
    yield some;
    if (some.length < atOnce) return;
  }
}
