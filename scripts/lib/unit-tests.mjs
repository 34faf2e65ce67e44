import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** Only a test that waits for what never comes takes longer. */
const TEST_LIMIT_MS = 8 * 60_000;

/**
 * What Node is told to run unit tests, such that none of them, and no file, keeps the run from its end.
 *
 * @param {readonly string[]} files
 * @param {string} report where the counts of the run go
 * @param {number} [limitMs] how long a test may take
 * @returns {string[]}
 */
export function unitTestArgs(files, report, limitMs = TEST_LIMIT_MS) {
  const reporters = [
    ['spec', 'stdout'],
    [join(import.meta.dirname, 'count-reporter.mjs'), report],
  ].flatMap(([reporter, destination]) => [
    `--test-reporter=${reporter}`,
    `--test-reporter-destination=${destination}`,
  ]);
  return [
    '--test',
    // More than there are cores: some files do little but wait for what takes its time.
    `--test-concurrency=${availableParallelism() + 2}`,
    // Node ends a test by this, and never a file.
    `--test-timeout=${limitMs}`,
    `--import=${join(import.meta.dirname, 'end-of-tests.mjs')}`,
    ...reporters,
    ...files,
  ];
}
