import { parseArgs } from 'node:util';
import { CANDIDATES_PER_SEED, type Tally, tryCandidates, tryDescription } from './hostile-run.ts';
import { DESCRIPTION, WAYS } from './situations.ts';

/**
 * Runs the filter on hostile candidates and descriptions, half of each: `node main.ts --seed N
 * --cases N`. Prints each violation, and each allowed case that never passed. The last line of
 * output is JSON.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    cases: { type: 'string', default: '20000' },
  },
});
const seed = Number(values.seed);
const half = Math.ceil(Number(values.cases) / 2);
/**
 * Distance between the seeds of two runs. It keeps the runs' cases from overlapping within 2^32
 * seeds.
 */
const SEEDS_APART = 10_000_000;
const from = seed * SEEDS_APART;

const passed: Tally = new Map();
const outcomes: Tally = new Map();
let violations = 0;

function attempt(run: () => void): void {
  try {
    run();
  } catch (error) {
    violations += 1;
    process.stdout.write(`${String(error)}\n`);
  }
}

const gates = Math.ceil(half / CANDIDATES_PER_SEED);
for (let at = 0; at < gates; at++) attempt(() => tryCandidates(from + at, passed));
for (let at = 0; at < half; at++) attempt(() => tryDescription(from + at, outcomes, passed));
const { passed: descriptionsPassed = 0 } = Object.fromEntries(outcomes);
const candidatesPassed = Object.fromEntries(
  [...passed].filter(([way]) => !way.endsWith(DESCRIPTION)),
);
const missing = WAYS.filter((way) => !passed.has(way));
if (missing.length > 0) process.stdout.write(`What never passed: ${missing.join('; ')}\n`);
process.stdout.write(
  `${JSON.stringify({
    cases: gates * CANDIDATES_PER_SEED + half,
    candidates: gates * CANDIDATES_PER_SEED,
    candidatesPassed,
    descriptions: half,
    descriptionsPassed,
    reasons: outcomes.size,
    violations,
    seed,
  })}\n`,
);
// The run also fails if an allowed case never passed, because a filter that refuses everything
// leaks nothing.
if (violations > 0 || missing.length > 0) process.exitCode = 1;
