/**
 * Loaded before each file of unit tests, in its process. What a failed test left open, such as the thread of a
 * store, would keep that process, and with it the whole run, which says nothing until its limit. So a file that does
 * not end by itself when its tests are over is ended: then it failed, and all that its tests said is told.
 */
import { basename } from 'node:path';
import { isMainThread } from 'node:worker_threads';

/** What files do when their tests are over, such as to stop a database, takes less. */
const GOODBYE_MS = Number(process.env.TEST_FILE_GOODBYE_MS ?? 30_000);

const file = basename(process.argv[1] ?? '');
// The threads and programs that tests start may be started as their file was.
if (isMainThread && process.env.NODE_TEST_CONTEXT === 'child-v8' && file.includes('.test.')) {
  const { after } = await import('node:test');
  after(() => {
    setTimeout(end, GOODBYE_MS).unref();
  });
}

function end() {
  const open = process.getActiveResourcesInfo().join(', ');
  process.stderr.write(
    `stopped: ${file} did not end in ${GOODBYE_MS / 1000} s after its tests; open in it: ${open}\n`,
  );
  process.exit(1);
}
