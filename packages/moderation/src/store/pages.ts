import type { Collection } from '@farandole/kernel/collection';

/**
 * What waits, the oldest first, in pages: however much waits that a member may not see, what they may see is not lost
 * behind it.
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
