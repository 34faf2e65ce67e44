import { readFileSync } from 'node:fs';
import type { Cluster } from '../cluster.ts';
import type { History } from './history.ts';

const CHECKED_EVERY_MS = 100;
/** Smallest delay in ms that is noted. */
const NOTED_MS = 20;
const NS_PER_MS = 1e6;

/**
 * Notes how long the run's processes were ready to run and did not get a processor: the users'
 * process by its event loop, the nodes by what Linux counts for their main threads. A node that
 * blocks its own event loop isn't delayed in this sense.
 *
 * @returns a function that stops it
 */
export function watchMachine({ nodes }: Cluster, history: History): () => void {
  const waited = new Map<number, number>();
  let dueMs = performance.now() + CHECKED_EVERY_MS;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    let ms = nowMs - dueMs;
    dueMs = nowMs + CHECKED_EVERY_MS;
    for (const { pid } of nodes) {
      const totalMs = pid === null ? null : waitedMs(pid);
      if (pid === null || totalMs === null) continue;
      ms = Math.max(ms, totalMs - (waited.get(pid) ?? totalMs));
      waited.set(pid, totalMs);
    }
    if (ms >= NOTED_MS) history.note({ event: 'slow', ms: Math.round(ms) });
  }, CHECKED_EVERY_MS);
  return () => clearInterval(timer);
}

/** Returns how long in ms a process's main thread has waited for a processor; null if unknown. */
function waitedMs(pid: number): number | null {
  try {
    const [, waitedNs] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
    return Number(waitedNs) / NS_PER_MS;
  } catch {
    // The process has ended.
    return null;
  }
}
