import { parseArgs } from 'node:util';
import { createPrng } from '@farandole/kernel/prng';
import { POLICIES, POLICY_NAMES } from '@farandole/moderation/simulation/policy';
import { simulatePolicy } from '@farandole/moderation/simulation/run';

/**
 * `npm run simulate:trust -- --seed N`: the made-up world of `src/simulation` under each policy, over
 * the functions that a node uses. A table for people; the last line is the same as JSON.
 */
const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' } } });
const seed = Number(values.seed);
if (!Number.isSafeInteger(seed) || seed < 0 || seed >= 2 ** 32) {
  process.stderr.write('--seed takes a whole number from 0 to 4294967295\n');
  process.exit(2);
}

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const short = (value: number): string => value.toPrecision(3);
const row = (cells: readonly string[]): string =>
  cells.map((cell, i) => (i === 0 ? cell.padEnd(12) : cell.padStart(13))).join('');

print(
  row([
    'policy',
    'exposures',
    'established',
    'newcomers',
    'wrong bans',
    'in 10k days',
    'restricted',
  ]),
);
const outcomes = POLICY_NAMES.map((name) => {
  const {
    calls: _calls,
    bans: _bans,
    ...outcome
  } = simulatePolicy(POLICIES[name], createPrng(seed));
  const { all, established, newcomers } = outcome.exposures;
  const figures = [all, established, newcomers, outcome.wrongBans];
  const more = [outcome.wrongBansPer10kDays, outcome.restrictedHonest];
  print(row([name, ...[...figures, ...more].map(short)]));
  return [name, outcome] as const;
});
print(JSON.stringify({ seed, ...Object.fromEntries(outcomes) }));
