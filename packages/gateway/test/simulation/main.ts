import { parseArgs } from 'node:util';
import { commitOf } from './commit.ts';
import { runWorlds } from './crew.ts';
import { MUTANTS } from './mutants/mutants.ts';
import { runMutants, type Verdict } from './mutants/run.ts';
import type { SimulationOptions } from './simulation.ts';
import type { WorkerReply } from './worker.ts';
import {
  missingFrom,
  partOf,
  RUN_SEED_MAX,
  RUN_SESSIONS_MAX,
  total,
  type WorldResult,
  worldsOf,
} from './worlds.ts';

/** Command that runs the simulation on all cores. README.md describes its options and output. */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    sessions: { type: 'string', default: '10000' },
    people: { type: 'string', default: '120' },
    nodes: { type: 'string', default: '1' },
    recent: { type: 'string', default: '60' },
    world: { type: 'string' },
    part: { type: 'string', default: '1/1' },
    mutants: { type: 'boolean', default: false },
    mutant: { type: 'string', multiple: true, default: [] },
  },
});

/**
 * Number of violations that are printed in full. The others get one line each, because one bug
 * appears in many worlds.
 */
const TOLD_MAX = 3;
/** A run of at least this many sessions fails unless every kind of fault and attack occurred. */
const SEES_ALL_SESSIONS = 50_000;

/**
 * Parses an option as a whole number from 0 to `max`. Ends the process with an error if the
 * option is invalid.
 */
function numberOf(name: 'seed' | 'sessions', max: number): number {
  const number = Number(values[name]);
  if (Number.isSafeInteger(number) && number >= 0 && number <= max) return number;
  process.stderr.write(`--${name} takes a whole number from 0 to ${max}\n`);
  return process.exit(2);
}

const nodes = Number(values.nodes);
const rest = { people: Number(values.people), recent: Number(values.recent), nodes };
const sessions = numberOf('sessions', RUN_SESSIONS_MAX);
const seed = numberOf('seed', RUN_SEED_MAX);
const worlds =
  values.world === undefined ? planned() : [{ ...rest, seed: Number(values.world), sessions }];
const startedMs = performance.now();
const outcomes: WorldResult[] = [];
await runWorlds(worlds, ({ outcome, violated }: WorkerReply) => {
  const { recent, ...told } = outcome;
  outcomes.push({ ...told, isViolated: violated !== null });
  if (violated !== null) tell(told.seed, recent, violated.stack);
  const isTenth = Math.floor((outcomes.length * 10) / worlds.length);
  const wasTenth = Math.floor(((outcomes.length - 1) * 10) / worlds.length);
  if (worlds.length >= 20 && isTenth > wasTenth) {
    process.stdout.write(`${outcomes.length} of ${worlds.length} worlds\n`);
  }
});

const totals = total(outcomes);
const { steps, violations, counts, ...more } = totals;
const { sessions: seen = 0, matches = 0 } = counts;
const missing = missingFrom(totals);
if (violations > 0) process.exitCode = 1;
else if (seen >= SEES_ALL_SESSIONS && missing.length > 0) {
  process.stdout.write(`What never happened: ${missing.join(', ')}\n`);
  process.exitCode = 1;
}
const verdicts: Verdict[] = [];
const mutants = MUTANTS.filter(({ name }) => values.mutants || values.mutant.includes(name));
if (mutants.length > 0) {
  await runMutants(mutants, (verdict) => {
    verdicts.push(verdict);
    const what = verdict.isCaught ? 'caught by' : 'NOT caught as it should be:';
    const { mutant, caughtBy, sessions: after } = verdict;
    process.stdout.write(`${mutant.name}: ${what} ${caughtBy}, in ${after} sessions\n`);
  });
  if (verdicts.some(({ isCaught }) => !isCaught)) process.exitCode = 1;
}
const line = {
  ...{ sessions: seen, matches, steps, violations },
  mutantsKilled: mutants.length > 0 ? verdicts.filter(({ isCaught }) => isCaught).length : null,
  mutantsTotal: mutants.length > 0 ? mutants.length : null,
  ...{ seed, commit: commitOf(), tookMs: Math.round(performance.now() - startedMs) },
  ...counts,
  ...more,
};
process.stdout.write(`${JSON.stringify(line)}\n`);

function tell(world: number, recent: string, stack: string): void {
  const isInFull = outcomes.filter(({ isViolated }) => isViolated).length <= TOLD_MAX;
  const size = worlds.find((each) => each.seed === world)?.sessions ?? sessions;
  const replay = `npm run simulate -- --world ${world} --sessions ${size} --people ${values.people} --nodes ${values.nodes}`;
  const told = isInFull ? `${recent}\n\n${stack}\n` : stack.split('\n', 1)[0];
  process.stdout.write(`${told}\nAgain: ${replay}, at ${commitOf()}\n`);
}

/**
 * Divides the run into worlds, and returns those of the chosen part. Ends the process with an error
 * if an option is out of range.
 */
function planned(): readonly SimulationOptions[] {
  try {
    return partOf(worldsOf(seed, sessions, rest), values.part);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    process.stderr.write(`${cause.message}\n`);
    process.exit(2);
  }
}
