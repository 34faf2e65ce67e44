import { BLOCKS_MAX } from '@farandole/gateway/limits';
import type { Log } from '../observe/log.ts';

/** Of `BLOCKS_MAX`: from here on somebody should know that the oldest blocks will soon count no more. */
const SHARE_WARNED_OF = 0.9;

/**
 * Looks in each tick how many blocks there are, and says it once when they will soon be more than are heeded.
 *
 * @param max at one more the oldest is forgotten
 */
export function blocksWatch(count: () => number, log: Log, max = BLOCKS_MAX): () => void {
  let isSaid = false;
  return () => {
    if (isSaid || count() < max * SHARE_WARNED_OF) return;
    isSaid = true;
    log({ event: 'blocks-nearly-full' });
  };
}
