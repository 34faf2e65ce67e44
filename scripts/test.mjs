/**
 * `npm test` runs every check and test. `npm test -- NAME …` runs only the test files whose path
 * contains a name.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { addCounts, closingLine, NO_COUNTS, readNodeCounts, readTimes } from './lib/counts.mjs';
import { listFiles, storiesAmong, unitTestsAmong } from './lib/files.mjs';
import { buildPage } from './lib/page.mjs';
import { endLeftBehind, endStepsWithUs, runAside } from './lib/processes.mjs';
import { staticChecks } from './lib/static-checks.mjs';
import { inWords, runSteps } from './lib/steps.mjs';
import { runStories } from './lib/stories.mjs';
import { ensureSystemPrograms } from './lib/system-programs.mjs';
import { testFolder } from './lib/test-folder.mjs';
import { unitTestArgs } from './lib/unit-tests.mjs';
import { environmentWith, findNode, install, root, runMain, stampsFolder } from './setup.mjs';

/** @typedef {import('./lib/steps.mjs').Step} Step */
/** @typedef {import('./lib/counts.mjs').Counts} Counts */

/** Target duration of a whole run on two cores. A longer run prints a note. */
const RUN_TARGET_MS = 12 * 60_000;
/** Time limit of a step. Only a step that hangs takes longer. */
const STEP_LIMIT_MS = 25 * 60_000;
/** Time that the leftover processes of a test get to end. */
const GOODBYE_MS = 5_000;

const SLOWEST_SHOWN = 12;

const reportsFolder = join(stampsFolder, 'reports');
const unitReport = join(reportsFolder, 'unit.json');
const storiesReport = join(reportsFolder, 'stories.json');

await runMain(async () => {
  const startMs = performance.now();
  const names = process.argv.slice(2);
  await install();
  const node = findNode();
  const files = listFiles().filter(
    (file) => names.length === 0 || names.some((name) => file.includes(name)),
  );
  const unitTests = unitTestsAmong(files);
  const stories = storiesAmong(files);
  await ensureSystemPrograms([...unitTests, ...stories]);
  endStepsWithUs();
  rmSync(reportsFolder, { recursive: true, force: true });
  mkdirSync(reportsFolder, { recursive: true });

  let counts = NO_COUNTS;
  const count = (/** @type {Counts} */ more) => {
    counts = addCounts(counts, more);
  };
  const steps = [
    ...(names.length === 0 ? staticChecks(node) : []),
    ...(names.length === 0 || needsPage(files) ? [pageStep(node)] : []),
    ...(unitTests.length > 0 ? [unitTestsStep(node, unitTests, count)] : []),
    ...(stories.length > 0 ? [storiesStep(node, stories, count)] : []),
    leftoversStep(),
  ];
  const failed = await runSteps(steps);

  const tookMs = performance.now() - startMs;
  console.log('\nSlowest:');
  for (const { name, ms } of readTimes(unitReport, storiesReport).slice(0, SLOWEST_SHOWN)) {
    console.log(`  ${(ms / 1_000).toFixed(1).padStart(6)} s  ${relative(root, name)}`);
  }
  const ran = counts.passed + counts.failed;
  if (ran === 0) console.log(`No test ran${names.length > 0 ? ` for ${names.join(', ')}` : ''}.`);
  const late =
    tookMs > RUN_TARGET_MS ? `, more than the limit of ${inWords(RUN_TARGET_MS)} it may take` : '';
  console.log(`\n${steps.length} steps in ${inWords(tookMs)}${late}`);
  if (failed.length > 0) console.log(`Failed: ${failed.join(', ')}`);
  if (counts.skipped > 0) console.log('A skipped test fails the run: run it or delete it.');
  console.log(closingLine(counts));
  return failed.length === 0 && counts.failed === 0 && counts.skipped === 0 && ran > 0 ? 0 : 1;
});

/**
 * @param {readonly string[]} files
 * @returns {boolean} Whether one of the files needs the built page.
 */
function needsPage(files) {
  return files.some((file) => /^(e2e|apps)\//.test(file));
}

/**
 * @param {string} node
 * @returns {Step}
 */
function pageStep(node) {
  return {
    name: 'page',
    run: async () => {
      const built = await buildPage(node);
      return { ok: true, output: '', note: built ? 'built' : 'unchanged' };
    },
  };
}

/**
 * @param {string} node
 * @param {readonly string[]} tests
 * @param {(counts: Counts) => void} count
 * @returns {Step}
 */
function unitTestsStep(node, tests, count) {
  return {
    name: 'tests',
    run: async () => {
      const { code, output } = await runAside(node, unitTestArgs(tests, unitReport), {
        cwd: root,
        env: { ...environmentWith(node), TMPDIR: testFolder() },
        limitMs: STEP_LIMIT_MS,
      });
      return outcome(code, output, readNodeCounts(unitReport), count);
    },
  };
}

/**
 * @param {string} node
 * @param {readonly string[]} stories
 * @param {(counts: Counts) => void} count
 * @returns {Step}
 */
function storiesStep(node, stories, count) {
  return {
    name: 'stories',
    run: async () => {
      const { code, output, counts } = await runStories(node, {
        report: storiesReport,
        limitMs: STEP_LIMIT_MS,
        files: stories,
      });
      return outcome(code, output, counts, count);
    },
  };
}

/**
 * @param {number} code
 * @param {string} output
 * @param {Counts | null} counted
 * @param {(counts: Counts) => void} count
 * @returns {import('./lib/steps.mjs').Outcome}
 */
function outcome(code, output, counted, count) {
  if (counted === null) {
    // A test runner that ended without its counts counts as one failure.
    count({ passed: 0, failed: 1, skipped: 0 });
    return { ok: false, output: `${output}\nThe test runner did not finish.` };
  }
  count(counted);
  return {
    ok: code === 0 && counted.failed === 0,
    output,
    note: `${counted.passed} passed, ${counted.failed} failed`,
  };
}

/**
 * Returns a step that fails if a test left a process behind.
 * @returns {Step}
 */
function leftoversStep() {
  return {
    name: 'leftovers',
    run: async () => {
      const left = await endLeftBehind(GOODBYE_MS);
      return {
        ok: left.length === 0,
        output: `Still running after the tests, stopped now:\n${left
          .map(({ pid, command }) => `  ${pid} ${command}`)
          .join('\n')}`,
      };
    },
  };
}
