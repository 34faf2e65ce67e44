/**
 * `npm run bench`: a short round of every benchmark. `npm run bench -- NAME [--rounds N]
 * [--connections N] [--way direct|relay]`: one of them. It prints what a person reads; the last line is the result as
 * JSON: of one benchmark itself, of all of them under `scenarios`.
 */
import { parseArgs } from 'node:util';
import { writeChart } from './chart.ts';
import { endProgramsWithUs } from './interruption.ts';
import type { BenchOptions, Scenario } from './options.ts';
import { ratioChart } from './ratio-chart.ts';
import { rowsOf, summaryTable } from './summary.ts';

interface Entry {
  /** Loaded only when asked for: one of them starts browsers, another needs nothing at all. */
  readonly load: () => Promise<Scenario>;
  /** Rounds in a short round of everything, where a whole run takes longer. */
  readonly shortRounds?: number;
  /** Likewise. */
  readonly shortConnections?: number;
}

const SCENARIOS: Readonly<Record<string, Entry>> = {
  relay: { load: async () => (await import('./scenarios/relay.ts')).relay, shortRounds: 2 },
  connect: { load: async () => (await import('./scenarios/connect.ts')).connect },
  memory: { load: async () => (await import('./scenarios/memory.ts')).memory },
  scale: { load: async () => (await import('./scenarios/scale.ts')).scale, shortRounds: 1 },
  crowd: { load: async () => (await import('./scenarios/crowd.ts')).crowd },
  hostile: {
    load: async () => (await import('./scenarios/hostile.ts')).hostile,
    shortRounds: 1,
    shortConnections: 2_000,
  },
  reports: {
    load: async () => (await import('./scenarios/reports.ts')).reports,
    shortRounds: 1,
  },
  skip: { load: async () => (await import('./scenarios/skip.ts')).skip },
  match: { load: async () => (await import('./scenarios/match.ts')).match, shortRounds: 3 },
  evening: { load: async () => (await import('./scenarios/evening.ts')).evening },
  'first-frame': {
    load: async () => (await import('./scenarios/first-frame.ts')).firstFrame,
    shortRounds: 3,
  },
  flag: { load: async () => (await import('./scenarios/flag.ts')).flag, shortRounds: 5 },
  shield: { load: async () => (await import('./scenarios/shield.ts')).shield, shortRounds: 2 },
};

interface Command {
  /** Null: all of them. */
  readonly name: string | null;
  readonly options: BenchOptions;
}

const command = readCommand();
if (typeof command === 'string') {
  console.error(command);
  process.exitCode = 1;
} else {
  endProgramsWithUs();
  process.exitCode = await run(command);
}

/** Gives the exit code. */
async function run({ name, options }: Command): Promise<number> {
  const entry = name === null ? undefined : SCENARIOS[name];
  if (entry === undefined) return await runAll(options);
  const scenario = await entry.load();
  console.log(JSON.stringify(await scenario(options)));
  return 0;
}

async function runAll(options: BenchOptions): Promise<number> {
  const scenarios: Record<string, unknown> = {};
  const failed: Record<string, string> = {};
  for (const [name, { load, shortRounds, shortConnections }] of Object.entries(SCENARIOS)) {
    const startedMs = performance.now();
    try {
      const scenario = await load();
      scenarios[name] = await scenario({
        rounds: options.rounds ?? shortRounds ?? null,
        connections: options.connections ?? shortConnections ?? null,
        way: options.way,
      });
    } catch (error) {
      // The others are worth their figures all the same.
      console.error(error);
      failed[name] = error instanceof Error ? error.message : String(error);
    }
    console.log(`    (${name}: ${((performance.now() - startedMs) / 1_000).toFixed(0)} s)\n`);
  }
  console.log(`${summaryTable(scenarios)}\n`);
  const title = 'What ours costs beside the floors';
  const picture = await writeChart('round', ratioChart(title, rowsOf(scenarios)));
  console.log(`The picture of it is ${picture}; each benchmark's own is beside it.`);
  console.log(JSON.stringify({ scenarios, failed, picture }));
  return Object.keys(failed).length === 0 ? 0 : 1;
}

/** A text is what is wrong with it. */
function readCommand(): Command | string {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: {
        rounds: { type: 'string' },
        connections: { type: 'string' },
        way: { type: 'string' },
      },
    });
    const [name = null, ...others] = positionals;
    if (others.length > 0) return 'One benchmark at a time, or all of them without a name.';
    if (name !== null && !Object.hasOwn(SCENARIOS, name)) {
      return `There is no benchmark "${name}". There are: ${Object.keys(SCENARIOS).join(', ')}.`;
    }
    const { way = null } = values;
    if (way !== null && way !== 'direct' && way !== 'relay') return `"${way}" is no way.`;
    const rounds = count(values.rounds);
    return { name, options: { rounds, connections: count(values.connections), way } };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** @throws Error for what is no count */
function count(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[1-9][0-9]{0,6}$/.test(text)) throw new Error(`"${text}" is not a count of at least 1.`);
  return Number(text);
}
