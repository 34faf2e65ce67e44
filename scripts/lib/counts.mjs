import { readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @typedef {Counts & { cancelled: number, todo: number, times: Record<string, number> }} NodeCounts */

/** @typedef {{ expected: number, unexpected: number, flaky: number, skipped: number }} PlaywrightStats */

/** @type {Counts} */
export const NO_COUNTS = { passed: 0, failed: 0, skipped: 0 };

/**
 * @param {Counts} a
 * @param {Counts} b
 * @returns {Counts}
 */
export function addCounts(a, b) {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  };
}

/**
 * Returns the last line of a test run, which other programs read.
 * @param {Counts} counts
 */
export function closingLine({ passed, failed, skipped }) {
  return `tests: ${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/**
 * Reads the counts that `count-reporter` wrote. Cancelled tests count as failed, todo tests as skipped.
 * @param {string} file
 * @returns {Counts | null} Null for an incomplete run.
 */
export function readNodeCounts(file) {
  const counts = /** @type {NodeCounts | null} */ (readJson(file));
  if (counts === null) return null;
  const { passed, failed, cancelled, skipped, todo } = counts;
  return { passed, failed: failed + cancelled, skipped: skipped + todo };
}

/**
 * Reads Playwright's JSON report. A flaky test counts as failed.
 * @param {string} file
 * @returns {Counts | null} Null for an incomplete run.
 */
export function readPlaywrightCounts(file) {
  const report = /** @type {{ stats: PlaywrightStats } | null} */ (readJson(file));
  if (report === null) return null;
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected, failed: unexpected + flaky, skipped };
}

/**
 * A test file or a group of tests in Playwright's report.
 * @typedef {{ file: string, suites?: Suite[], specs: { title: string, tests: { results: { duration: number }[] }[] }[] }} Suite
 */

/**
 * Returns the durations of test files and stories, longest first.
 * @param {string} nodeReport
 * @param {string} playwrightReport
 * @returns {{ name: string, ms: number }[]}
 */
export function readTimes(nodeReport, playwrightReport) {
  const { times = {} } = /** @type {Partial<NodeCounts>} */ (readJson(nodeReport) ?? {});
  const { suites = [] } = /** @type {{ suites?: Suite[] }} */ (readJson(playwrightReport) ?? {});
  const files = Object.entries(times).map(([name, ms]) => ({ name, ms }));
  return [...files, ...suites.flatMap(storiesOf)].sort((a, b) => b.ms - a.ms);
}

/**
 * @param {Suite} suite
 * @returns {{ name: string, ms: number }[]}
 */
function storiesOf({ file, suites = [], specs }) {
  const own = specs.map(({ title, tests }) => ({
    name: `${file}: ${title}`,
    ms: tests.flatMap(({ results }) => results).reduce((sum, { duration }) => sum + duration, 0),
  }));
  return [...own, ...suites.flatMap(storiesOf)];
}

/**
 * @param {string} file
 * @returns {unknown} Null if missing or broken.
 */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
