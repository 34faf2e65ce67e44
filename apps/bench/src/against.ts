/**
 * `npm run bench -- NAME [NAME...] --against REV [--rounds N] [--connections N]`: compares this
 * checkout with another commit. Rounds are interleaved in changing order. Prints the ratio here /
 * there of each figure with its 95 % interval; the last line is JSON. Exits with 1 if a ratio's
 * whole interval is above `--at-most` (default 1.1).
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SCENARIOS } from './catalogue.ts';
import { bootstrapMedianInterval, type Interval, median } from './statistics.ts';

const ROUNDS_DEFAULT = 9;
const AT_MOST_DEFAULT = 1.1;

interface Ratio {
  readonly here: number;
  readonly there: number;
  readonly ratio: number;
  readonly interval95: Interval;
}

type Samples = Map<string, number[]>;

process.exitCode = main();

function main(): number {
  const { values, positionals: names } = parseArgs({
    allowPositionals: true,
    options: {
      against: { type: 'string' },
      rounds: { type: 'string', default: String(ROUNDS_DEFAULT) },
      connections: { type: 'string' },
      'at-most': { type: 'string', default: String(AT_MOST_DEFAULT) },
    },
  });
  const unknown = names.filter((name) => SCENARIOS[name] === undefined);
  if (values.against === undefined || names.length === 0 || unknown.length > 0) {
    console.error(`Name benchmarks and a commit; unknown: ${unknown.join(', ') || 'none'}.`);
    return 1;
  }
  const rounds = Number(values.rounds);
  const more = values.connections === undefined ? [] : ['--connections', values.connections];
  const folder = mkdtempSync(join(tmpdir(), 'farandole-bench-'));
  const there = join(folder, 'there');
  const git = (...args: string[]): void => void execFileSync('git', args, { stdio: 'pipe' });
  git('worktree', 'add', '--detach', there, values.against);
  try {
    const outcome = Object.fromEntries(
      names.map((name) => [name, compare(name, rounds, more, process.cwd(), there)]),
    );
    const above = printed(outcome, Number(values['at-most']));
    console.log(JSON.stringify({ against: values.against, rounds, outcome, above }));
    return above.length === 0 ? 0 : 1;
  } finally {
    git('worktree', 'remove', '--force', there);
    rmSync(folder, { recursive: true, force: true });
  }
}

function compare(
  name: string,
  rounds: number,
  more: readonly string[],
  here: string,
  there: string,
): Readonly<Record<string, Ratio>> {
  const samples = { here: new Map() as Samples, there: new Map() as Samples };
  const take = (side: 'here' | 'there'): void =>
    addFigures(resultOf(name, more, side === 'here' ? here : there), [], samples[side]);
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? (['here', 'there'] as const) : (['there', 'here'] as const);
    for (const side of order) take(side);
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

function resultOf(name: string, more: readonly string[], cwd: string): unknown {
  const args = ['scripts/bench.mjs', name, '--rounds', '1', ...more];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} failed in ${cwd}:\n${stderr}`);
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
