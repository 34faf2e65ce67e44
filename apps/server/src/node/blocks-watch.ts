import { BLOCKS_MAX } from '@farandole/gateway/limits';
import type { Log } from '../observe/log.ts';

/** Share of `BLOCKS_MAX` at which the server warns that the oldest blocks will be dropped. */
const SHARE_WARNED_OF = 0.9;

/**
 * Returns a function that logs a warning, once, when the number of blocks approaches its limit.
 *
 * @param max number of blocks above which the oldest one is dropped
 */
export function blocksWatch(count: () => number, log: Log, max = BLOCKS_MAX): () => void {
  let isSaid = false;
  return () => {
    if (isSaid || count() < max * SHARE_WARNED_OF) return;
    isSaid = true;
    log({ event: 'blocks-nearly-full' });
  };
}
