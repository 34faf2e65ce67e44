/**
 * `npm run bench -- NAME [NAME...] --against REV [--rounds N] [--connections N]`: compares this
 * checkout with another commit. Rounds are interleaved in changing order. Prints the ratio here /
 * there of each figure with its 95 % interval; the last line is JSON. Exits with 1 if a ratio's
 * whole interval is above `--at-most` (default 1.1).
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { SCENARIOS } from './catalogue.ts';
import { endProgramsWithUs } from './interruption.ts';
import { readCount } from './options.ts';
import { bootstrapMedianInterval, type Interval, median } from './statistics.ts';

const ROUNDS_DEFAULT = 9;
const AT_MOST_DEFAULT = 1.1;

interface Command {
  readonly names: readonly string[];
  readonly against: string;
  readonly rounds: number;
  readonly connections: number | null;
  readonly atMost: number;
}

interface Ratio {
  readonly here: number;
  readonly there: number;
  readonly ratio: number;
  readonly interval95: Interval;
}

type Samples = Map<string, number[]>;

const command = readCommand();
if (typeof command === 'string') {
  console.error(command);
  process.exitCode = 1;
} else {
  process.exitCode = await run(command);
}

/** Reads the command line. Returns an error message as a string. */
function readCommand(): Command | string {
  try {
    const { values, positionals: names } = parseArgs({
      allowPositionals: true,
      options: {
        against: { type: 'string' },
        rounds: { type: 'string' },
        connections: { type: 'string' },
        'at-most': { type: 'string', default: String(AT_MOST_DEFAULT) },
      },
    });
    const { against } = values;
    const unknown = names.filter((name) => !Object.hasOwn(SCENARIOS, name));
    if (against === undefined || names.length === 0 || unknown.length > 0) {
      return `Name benchmarks and a commit; unknown: ${unknown.join(', ') || 'none'}.`;
    }
    const atMost = Number(values['at-most']);
    if (!(atMost > 0)) return `"${values['at-most']}" is not a ratio above 0.`;
    const rounds = readCount(values.rounds) ?? ROUNDS_DEFAULT;
    return { names, against, rounds, connections: readCount(values.connections), atMost };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function run(options: Command): Promise<number> {
  const { names, against, rounds, atMost } = options;
  endProgramsWithUs();
  // `git worktree prune` must run after the `exit` listener that removes the temporary folder of
  // the other worktree.
  process.once('exit', () => git('worktree', 'prune'));
  const there = join(mkdtempSync(join(tmpdir(), 'farandole-bench-')), 'there');
  git('worktree', 'add', '--detach', there, against);
  const outcome: Record<string, Readonly<Record<string, Ratio>>> = {};
  for (const name of names) outcome[name] = await compare(name, options, process.cwd(), there);
  const above = printed(outcome, atMost);
  console.log(JSON.stringify({ against, rounds, outcome, above }));
  return above.length === 0 ? 0 : 1;
}

function git(...args: readonly string[]): void {
  execFileSync('git', args, { stdio: 'pipe' });
}

async function compare(
  name: string,
  { rounds, connections }: Command,
  here: string,
  there: string,
): Promise<Readonly<Record<string, Ratio>>> {
  const samples = { here: new Map() as Samples, there: new Map() as Samples };
  const more = connections === null ? [] : ['--connections', String(connections)];
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? (['here', 'there'] as const) : (['there', 'here'] as const);
    for (const side of order) {
      addFigures(await resultOf(name, more, side === 'here' ? here : there), [], samples[side]);
    }
    console.error(`${name}: round ${round + 1} of ${rounds}`);
  }
  return Object.fromEntries(
    [...samples.here].flatMap(([path, ours]) => {
      const theirs = samples.there.get(path);
      if (theirs?.length !== ours.length) return [];
      return [[path, ratioOf(ours, theirs)]];
    }),
  );
}

async function resultOf(name: string, more: readonly string[], cwd: string): Promise<unknown> {
  const args = ['scripts/bench.mjs', name, '--rounds', '1', ...more];
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  // On SIGTERM the run ends its own child programs. SIGKILL would leave them running.
  const end = (): void => void child.kill('SIGTERM');
  process.once('exit', end);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[code: number | null]>,
  ]);
  process.off('exit', end);
  if (code !== 0) throw new Error(`${name} failed in ${cwd}:\n${stderr}`);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}

function addFigures(result: unknown, path: readonly string[], samples: Samples): void {
  if (typeof result !== 'object' || result === null) return;
  for (const [key, value] of Object.entries(result as Record<string, unknown>)) {
    if (key === 'ours') {
      const name = path.join('.') || 'ours';
      samples.set(name, [...(samples.get(name) ?? []), (value as { median: number }).median]);
    } else if (key !== 'floors' && key !== 'ratios') {
      addFigures(value, [...path, key], samples);
    }
  }
}

function ratioOf(here: readonly number[], there: readonly number[]): Ratio {
  const ratios = here.map((value, round) => value / (there[round] ?? Number.NaN));
  return {
    here: median(here),
    there: median(there),
    ratio: median(ratios),
    interval95: bootstrapMedianInterval(ratios),
  };
}

function printed(
  outcome: Readonly<Record<string, Readonly<Record<string, Ratio>>>>,
  atMost: number,
): readonly string[] {
  const above: string[] = [];
  for (const [name, figures] of Object.entries(outcome)) {
    for (const [path, { here, there, ratio, interval95 }] of Object.entries(figures)) {
      const [low, high] = interval95;
      const figure = `${name}.${path}`;
      if (low > atMost) above.push(figure);
      const interval = `${low.toFixed(2)}–${high.toFixed(2)}`;
      console.log(
        `${figure.padEnd(30)} ${ratio.toFixed(2)} (${interval})  ${here.toFixed(1)} here, ${there.toFixed(1)} there`,
      );
    }
  }
  return above;
}
