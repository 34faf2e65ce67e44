import { Session } from 'node:inspector/promises';
import { setFlagsFromString } from 'node:v8';

/**
 * Heap growth at which V8 collects garbage again, in percent of the live data after the last
 * collection.
 */
const GROWTH_PERCENT = 50;

/**
 * Makes V8 collect garbage when the heap has grown by half of its live data.
 *
 * V8's default allows a factor of four while memory is free. With the default, hostile sockets with
 * short-lived messages made a node 100 MiB larger. Call this function early in the process. V8
 * reads the flag at each collection.
 */
export function boundHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}

/**
 * Frees the memory that only loading the code needed, and keeps V8's young generation small. Call
 * this function once, after most modules are loaded and before the process serves users, because it
 * takes up to a second. It also applies to worker threads that start later.
 *
 * Loading the code makes the young generation about 30 MiB large in the main thread and 15 MiB in
 * the store's thread, and V8 hardly ever shrinks it again. Objects of a node live for one message or
 * for a whole session, so a larger young generation saves little work.
 */
export async function settleHeap(): Promise<void> {
  setFlagsFromString('--semi-space-growth-factor=1');
  if (process.versions['bun'] !== undefined) return;
  // This collection also gives the pages of the young generation back.
  const inspector = new Session();
  inspector.connect();
  await inspector.post('HeapProfiler.collectGarbage');
  inspector.disconnect();
}
