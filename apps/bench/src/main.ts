/**
 * `npm run bench`: a short round of every benchmark. `npm run bench -- NAME [--rounds N]
 * [--connections N]`: one of them. It prints what a person reads; the last line is the result as
 * JSON: of one benchmark itself, of all of them under `scenarios`.
 */
import { exit } from 'node:process';
import { parseArgs } from 'node:util';
import type { BenchOptions, Scenario } from './options.ts';

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
  skip: { load: async () => (await import('./scenarios/skip.ts')).skip },
  match: { load: async () => (await import('./scenarios/match.ts')).match, shortRounds: 3 },
  evening: { load: async () => (await import('./scenarios/evening.ts')).evening },
  'first-frame': {
    load: async () => (await import('./scenarios/first-frame.ts')).firstFrame,
    shortRounds: 3,
  },
};

const { name, options } = readArguments();
if (name === null) {
  const scenarios: Record<string, unknown> = {};
  for (const [each, { load, shortRounds, shortConnections }] of Object.entries(SCENARIOS)) {
    const startedMs = performance.now();
    const scenario = await load();
    scenarios[each] = await scenario({
      rounds: options.rounds ?? shortRounds ?? null,
      connections: options.connections ?? shortConnections ?? null,
    });
    console.log(`    (${each}: ${((performance.now() - startedMs) / 1_000).toFixed(0)} s)\n`);
  }
  console.log(JSON.stringify({ scenarios }));
} else {
  const entry = Object.hasOwn(SCENARIOS, name) ? SCENARIOS[name] : undefined;
  if (entry === undefined) {
    fail(`There is no benchmark "${name}". There are: ${Object.keys(SCENARIOS).join(', ')}.`);
  }
  const scenario = await entry.load();
  console.log(JSON.stringify(await scenario(options)));
}

function readArguments(): { name: string | null; options: BenchOptions } {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: { rounds: { type: 'string' }, connections: { type: 'string' } },
    });
    return {
      name: positionals[0] ?? null,
      options: { rounds: count(values.rounds), connections: count(values.connections) },
    };
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function count(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[1-9][0-9]{0,6}$/.test(text)) throw new Error(`"${text}" is not a count of at least 1.`);
  return Number(text);
}

function fail(message: string): never {
  console.error(message);
  exit(2);
}
