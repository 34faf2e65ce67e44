/**
 * Loaded before each test file. Ends the process after the file's tests, because a thread or
 * socket that a failed test left open would keep the process, and so the run, alive until its
 * time limit. The file then counts as failed, but its results are shown.
 */
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { inspect } from 'node:util';
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
  const { after } = await withoutPromiseHook(() => import('node:test'));
  after(() => {
    setTimeout(end, GOODBYE_MS).unref();
  });
  process.on('uncaughtException', endAfter).on('unhandledRejection', endAfter);
}

/**
 * Prints an error outside a test's own promise and ends the process later, because node:test may not
 * know the error's test, which then waits in vain.
 * @param {unknown} error
 */
function endAfter(error) {
  process.stderr.write(`${inspect(error)}\n`);
  setTimeout(end, GOODBYE_MS).unref();
}

/**
 * Loads node:test with a hook that doesn't track promises. With its own hook, which only names the
 * test of an error outside the test's promise, tests need about a third more processor time.
 * @template Loaded
 * @param {() => Promise<Loaded>} load
 * @returns {Promise<Loaded>}
 */
async function withoutPromiseHook(load) {
  /** @type {unknown} */
  const required = createRequire(import.meta.url)('node:async_hooks');
  const hooks = /** @type {typeof import('node:async_hooks')} */ (required);
  const { createHook } = hooks;
  hooks.createHook = (callbacks) => createHook({ ...callbacks, trackPromises: false });
  try {
    return await load();
  } finally {
    hooks.createHook = createHook;
  }
}

function end() {
  const open = process.getActiveResourcesInfo().join(', ');
  process.stderr.write(
    `stopped: ${file} did not end in ${GOODBYE_MS / 1000} s after its tests or an error; open in it: ${open}\n`,
  );
  process.exit(1);
}
