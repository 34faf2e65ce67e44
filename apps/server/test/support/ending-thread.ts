/**
 * This module is loaded into a node's threads before the node's own code. On SIGUSR2 the thread of
 * the store fails as the environment variable `THREAD_FAULT` says.
 */
import { isMainThread, workerData } from 'node:worker_threads';

// Only the thread of the store has a key.
const of = workerData as { readonly key?: unknown } | null;
const faults = new BroadcastChannel('faults of the test');
if (isMainThread) {
  process.on('SIGUSR2', () => faults.postMessage(null));
} else if (of?.key !== undefined) {
  faults.addEventListener('message', () => {
    if (process.env['THREAD_FAULT'] === 'exit') process.exit(3);
    throw new TypeError('a fault of the test');
  });
}
faults.unref();
