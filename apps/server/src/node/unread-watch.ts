import { FACTS_AWAITED_MS } from '@farandole/gateway/limits';
import type { PeopleCache } from '../cache/people-cache.ts';
import type { Log } from '../observe/log.ts';

/**
 * Returns a function to call at each tick. It logs once when users have waited so long for the
 * store that their searches are refused, and once when no user waits that long any longer.
 */
export function unreadWatch(people: Pick<PeopleCache, 'unreadForMs'>, log: Log): () => void {
  let isSaid = false;
  return () => {
    const isLong = people.unreadForMs >= FACTS_AWAITED_MS;
    if (isLong === isSaid) return;
    isSaid = isLong;
    log({ event: isLong ? 'newcomers-wait' : 'newcomers-served' });
  };
}
