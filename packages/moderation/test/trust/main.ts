import { parseArgs } from 'node:util';
import { createPrng } from '@farandole/kernel/prng';
import { POLICIES, POLICY_NAMES, type PolicyName } from '@farandole/moderation/simulation/policy';
import { simulatePolicy } from '@farandole/moderation/simulation/run';
import { type SybilOutcome, simulateSybils } from '@farandole/moderation/simulation/sybil/worlds';
import type { Outcome } from '@farandole/moderation/simulation/tally';
import { missedBySybils, missedTargets } from '@farandole/moderation/simulation/targets';
import { simulateEvaders } from './evaders.ts';

/**
 * `npm run simulate:trust -- --seed N` simulates each policy of `src/simulation` with the
 * functions that a node uses, and then attackers with many cookies on a node's commands. It
 * prints a table, and the same as JSON in the last line. `--sybils` simulates only the
 * attackers. `--to N` also runs the seeds from `--seed` to N and prints how many met the
 * targets. The exit code is 1 if a seed missed a target.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    to: { type: 'string' },
    sybils: { type: 'boolean', default: false },
  },
});
const seed = seedOf('seed', values.seed);
const last = seedOf('to', values.to ?? values.seed);

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const short = (value: number): string => value.toPrecision(3);
const row = (cells: readonly string[]): string =>
  cells.map((cell, i) => (i === 0 ? cell.padEnd(13) : cell.padStart(13))).join('');
const HEAD = ['policy', 'exposures', 'established', 'newcomers'];
const MET = 'no evader meets a person who parted from them';
const MORE = ['wrong bans', 'in 10k days', 'restricted', 'of misread'];

let met = 0;
for (let at = seed; at <= last; at++) {
  if (last > seed) print(`seed ${at}`);
  const seen = values.sybils ? null : runAll(at);
  const { evaderMet, evaderSearches } = simulateEvaders(createPrng(at));
  const sybil = { ...(await simulateSybils(createPrng(at))), evaderMet, evaderSearches };
  printSybils(sybil);
  const missed = [
    ...(seen === null ? [] : missedTargets(seen)),
    ...missedBySybils(sybil),
    ...(evaderMet > 0 ? [MET] : []),
  ];
  for (const target of missed) print(`missed: ${target}`);
  if (missed.length === 0) met += 1;
  else process.exitCode = 1;
  if (last === seed) print(JSON.stringify({ seed, ...told(seen, sybil) }));
}
if (last > seed) print(JSON.stringify({ seeds: last - seed + 1, met }));

function runAll(at: number): Readonly<Record<PolicyName, Outcome>> {
  print(row([...HEAD, ...MORE]));
  const outcomes = POLICY_NAMES.map((name) => {
    const outcome = simulatePolicy(POLICIES[name], createPrng(at));
    const { all, established, newcomers } = outcome.exposures;
    const figures = [all, established, newcomers, outcome.wrongBans, outcome.wrongBansPer10kDays];
    const restricted = [outcome.restrictedHonest, outcome.restrictedMisread];
    print(row([name, ...[...figures, ...restricted].map(short)]));
    return [name, outcome] as const;
  });
  return Object.fromEntries(outcomes) as Record<PolicyName, Outcome>;
}

function printSybils(sybil: SybilOutcome): void {
  print('attackers with many cookies');
  for (const [name, figures] of Object.entries(sybil)) {
    print(`  ${name}: ${JSON.stringify(figures)}`);
  }
}

function told(seen: Readonly<Record<PolicyName, Outcome>> | null, sybil: SybilOutcome): object {
  if (seen === null) return { sybil };
  const provenShare = seen.full.provenHonest;
  const shares = Object.entries(seen).map(([name, { calls: _calls, bans: _bans, ...outcome }]) => [
    name,
    outcome,
  ]);
  return { ...(Object.fromEntries(shares) as object), sybil: { ...sybil, provenShare } };
}

function seedOf(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0 && number < 2 ** 32) return number;
  process.stderr.write(`--${name} takes a whole number from 0 to 4294967295\n`);
  return process.exit(2);
}
