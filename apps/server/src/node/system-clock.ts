import { performance } from 'node:perf_hooks';
import type { Clock } from '@farandole/kernel/clock';

/** The machine's two clocks. */
export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
};
