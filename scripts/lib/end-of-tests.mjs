/**
 * Loaded before each test file. A failed test may leave a thread or socket open, which would keep
 * the file, and so the run, until its limit. This ends the file after its tests; it then fails with
 * its results shown.
 */
import { basename } from 'node:path';
import { isMainThread } from 'node:worker_threads';

/** Longer than any teardown, such as stopping a database. */
const GOODBYE_MS = Number(process.env.TEST_FILE_GOODBYE_MS ?? 30_000);

const file = basename(process.argv[1] ?? '');
// Threads and child programs of tests may inherit this import.
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
