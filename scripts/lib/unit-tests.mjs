import { join } from 'node:path';

/** Time limit of a test. Only a test that hangs takes longer. */
const TEST_LIMIT_MS = 8 * 60_000;

/** Test files that take longest. They start first, so that none of them runs alone at the end. */
const LONG_FIRST = [
  'packages/storage/',
  'packages/gateway/test/simulation/',
  'packages/matchmaking/',
  'apps/server/',
];

/**
 * Returns Node's arguments for unit tests, with limits so that no test or file blocks the run.
 * @param {readonly string[]} files
 * @param {string} report File for the counts of the run.
 * @param {number} [limitMs] Time limit of each test.
 * @returns {string[]}
 */
export function unitTestArgs(files, report, limitMs = TEST_LIMIT_MS) {
  const runner = join(import.meta.dirname, 'run-unit-tests.mjs');
  return [runner, report, String(limitMs), ...longestFirst(files)];
}

/**
 * @param {readonly string[]} files
 * @returns {string[]} The files that take longest come first. Other files keep their order.
 */
function longestFirst(files) {
  const rank = (/** @type {string} */ file) => {
    const at = LONG_FIRST.findIndex((place) => file.startsWith(place));
    return at === -1 ? LONG_FIRST.length : at;
  };
  return files.toSorted((a, b) => rank(a) - rank(b));
}
