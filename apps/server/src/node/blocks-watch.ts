import { BLOCKS_MAX } from '@farandole/gateway/limits';
import type { Log } from '../observe/log.ts';

/** Share of `BLOCKS_MAX` from which the log warns that the oldest blocks will be dropped. */
const SHARE_WARNED_OF = 0.9;

/**
 * Warns once when the number of blocks approaches its limit.
 *
 * @param max number above which the oldest block is dropped
 */
export function blocksWatch(count: () => number, log: Log, max = BLOCKS_MAX): () => void {
  let isSaid = false;
  return () => {
    if (isSaid || count() < max * SHARE_WARNED_OF) return;
    isSaid = true;
    log({ event: 'blocks-nearly-full' });
  };
}
