import { join } from 'node:path';

/** Only a hanging test takes longer. */
const TEST_LIMIT_MS = 8 * 60_000;

/** The longest files start first, so that none ends alone. */
const LONG_FIRST = [
  'packages/storage/',
  'packages/gateway/test/simulation/',
  'packages/matchmaking/',
  'apps/server/',
];

/**
 * Node's arguments for unit tests, so that no test or file blocks the run.
 * @param {readonly string[]} files
 * @param {string} report file for the run's counts
 * @param {number} [limitMs] limit per test
 * @returns {string[]}
 */
export function unitTestArgs(files, report, limitMs = TEST_LIMIT_MS) {
  const runner = join(import.meta.dirname, 'run-unit-tests.mjs');
  return [runner, report, String(limitMs), ...longestFirst(files)];
}

/**
 * @param {readonly string[]} files
 * @returns {string[]} Sorted; files of one folder keep their order.
 */
function longestFirst(files) {
  const rank = (/** @type {string} */ file) => {
    const at = LONG_FIRST.findIndex((place) => file.startsWith(place));
    return at === -1 ? LONG_FIRST.length : at;
  };
  return files.toSorted((a, b) => rank(a) - rank(b));
}
