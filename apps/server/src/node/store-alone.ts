import type { Instant } from '@farandole/kernel/clock';
import { STORE_ALONE_MS } from '../limits.ts';
import type { Log } from '../observe/log.ts';

export interface StoreAloneParts {
  /** Whether this node reads the sanctions from the store. */
  readonly isReached: () => boolean;
  readonly doOthersReach: () => boolean;
  /** Sends users without a call to other nodes. Called at each tick while this node is alone. */
  readonly sendAway: () => void;
  readonly log: Log;
}

/**
 * Returns a function to call at each tick. A node that alone can't reach the store knows no new
 * sanction and stores no report, so its users go on elsewhere. When the store fails for all nodes,
 * they notice it at slightly different times, and so they don't act before `STORE_ALONE_MS`.
 */
export function storeAlone(parts: StoreAloneParts): (now: Instant) => void {
  let sinceMs: number | null = null;
  let isAlone = false;
  return ({ monotonicMs }) => {
    if (parts.isReached() || !parts.doOthersReach()) sinceMs = null;
    else sinceMs ??= monotonicMs;
    const wasAlone = isAlone;
    isAlone = sinceMs !== null && monotonicMs - sinceMs >= STORE_ALONE_MS;
    if (isAlone && !wasAlone) parts.log({ event: 'users-sent-away' });
    if (isAlone) parts.sendAway();
  };
}
