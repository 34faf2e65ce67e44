import { BLOCKS_MAX } from '@farandole/gateway/limits';
import type { Log } from '../observe/log.ts';

/** Share of `BLOCKS_MAX` at which to warn that the oldest will be dropped. */
const SHARE_WARNED_OF = 0.9;

/** Warns once when the number of blocks approaches its limit. @param max above it the oldest is dropped */
export function blocksWatch(count: () => number, log: Log, max = BLOCKS_MAX): () => void {
  let isSaid = false;
  return () => {
    if (isSaid || count() < max * SHARE_WARNED_OF) return;
    isSaid = true;
    log({ event: 'blocks-nearly-full' });
  };
}
