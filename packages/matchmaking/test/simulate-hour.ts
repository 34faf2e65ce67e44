import { parseArgs } from 'node:util';
import { createPrng } from '@farandole/kernel/prng';
import {
  HOUR_CROWD,
  HourCrowd,
  type HourCrowdOptions,
  type HourReport,
} from '@farandole/matchmaking/simulation/hour-crowd';

/**
 * `npm run simulate:hour -- --seed N --runs N` compares one published hour, to which 5, 20 and 100
 * users come by a reminder, with the same users who come over an open day. It prints a table, and
 * the same as JSON in the last line. The exit code is 1 if two users waited in a round who may meet.
 */
const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, runs: { type: 'string', default: '20' } },
});
const [seed, runs] = [Number(values.seed), Number(values.runs)];
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(runs) || runs < 1) {
  process.stderr.write('--seed and --runs are whole numbers, and --runs is at least 1\n');
  process.exit(2);
}

const HEAD = ['people', 'arrivals', 'median wait', '90 % wait', 'partners', 'two or more'];
const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const row = (cells: readonly string[]): string => cells.map((cell) => cell.padStart(13)).join('');
const inSeconds = (ms: number): string => `${(ms / 1_000).toFixed(0)} s`;

print(row(HEAD));
const rows = [5, 20, 100].flatMap((people) =>
  (['reminder', 'always-open'] as const).map((comes) => figuresOf({ people, comes })),
);
for (const { people, comes, medianWaitMs, p90WaitMs, partners, withTwo } of rows) {
  const waits = [inSeconds(medianWaitMs), inSeconds(p90WaitMs)];
  const share = `${(100 * withTwo).toFixed(0)} %`;
  print(row([String(people), comes, ...waits, partners.toFixed(1), share]));
}
const missedPairs = rows.reduce((sum, { missedPairs: missed }) => sum + missed, 0);
if (missedPairs > 0) process.exitCode = 1;
print(JSON.stringify({ seed, runs, assumptions: HOUR_CROWD, missedPairs, rows }));

function figuresOf(options: HourCrowdOptions) {
  const reports = Array.from({ length: runs }, (_, run) =>
    new HourCrowd(options, createPrng(seed * 1_000 + run)).run(),
  );
  const all = <T>(of: (report: HourReport) => readonly T[]): T[] => reports.flatMap(of);
  const waits = all(({ waitsMs }) => waitsMs).toSorted((a, b) => a - b);
  const partners = all((report) => report.partners);
  const quantile = (share: number): number => waits[Math.floor(share * waits.length)] ?? 0;
  return {
    ...options,
    medianWaitMs: quantile(0.5),
    p90WaitMs: quantile(0.9),
    partners: partners.reduce((sum, count) => sum + count, 0) / partners.length,
    withTwo: partners.filter((count) => count >= 2).length / partners.length,
    missedPairs: reports.reduce((sum, report) => sum + report.missedPairs, 0),
  };
}
