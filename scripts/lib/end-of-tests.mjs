/**
 * Loaded before each test file. Ends the process after the file's tests, because a thread or
 * socket that a failed test left open would keep the process, and so the run, alive until its
 * time limit. The file then counts as failed, but its results are shown.
 */
import { basename } from 'node:path';
import { isMainThread } from 'node:worker_threads';

/**
 * Time after a file's tests until its process is ended. It is longer than any teardown takes,
 * such as stopping a database.
 */
const GOODBYE_MS = Number(process.env.TEST_FILE_GOODBYE_MS ?? 30_000);

const file = basename(process.argv[1] ?? '');
// Acts only in the main thread of a test file, because the threads and child processes of tests
// may load this module too.
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
