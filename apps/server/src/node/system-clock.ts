import { performance } from 'node:perf_hooks';
import type { Clock } from '@farandole/kernel/clock';

export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
};
