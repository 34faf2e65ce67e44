import { brandId, type MatchId } from '@farandole/kernel/id';
import { createPrng } from '@farandole/kernel/prng';
import { createMatchRules, defaultModes, type MatchRules } from '@farandole/matchmaking/mode';
import { Pool } from '@farandole/matchmaking/pool';
import type { PairFacts } from '@farandole/matchmaking/ports';
import type { Ticket } from '@farandole/matchmaking/ticket';
import { barChart, writeChart } from '../chart.ts';
import { CrowdSupply } from '../crowd-supply.ts';
import { NaiveMatcher } from '../floor/naive-matcher.ts';
import type { BenchOptions } from '../options.ts';
import {
  type Comparison,
  compare,
  inWords,
  type Ratio,
  ratioInWords,
  ratioOf,
  summarise,
} from '../result.ts';

const WAITING = [1_000, 10_000, 100_000] as const;
const ROUNDS_BY_DEFAULT = 21;
/** Rounds before the first counted one. The compilers are busy for about four. */
const WARM_UP_ROUNDS = 5;
const SEED = 1;
/**
 * Mean waiting time of a ticket. Virtual time advances with each match so that this mean is the
 * same at every pool size (Little's law). Otherwise tickets in larger pools would wait longer
 * and relax their criteria.
 */
const MEAN_WAIT_MS = 5_000;

type ContenderName = 'scored' | 'rarest-oldest' | 'naive';

interface Contender {
  readonly name: ContenderName;
  readonly matchesARound: number;
  /** Matches whose tickets aren't replaced yet. A wave can make more than a round has left. */
  unreplaced: number;
  add(tickets: readonly Ticket[]): void;
  matchSome(): number;
}

type Figures = ReadonlyMap<number, ReadonlyMap<ContenderName, readonly number[]>>;

/**
 * Measures µs of CPU per match in steady state, with two new tickets per match. Includes adding,
 * searching and removing tickets, but not creating them. The compared matchers alternate within
 * each round.
 */
export async function match(options: BenchOptions): Promise<Record<string, unknown>> {
  const rounds = options.rounds ?? ROUNDS_BY_DEFAULT;
  const figures: Figures = new Map(WAITING.map((waiting) => [waiting, measure(waiting, rounds)]));
  const beside = (waiting: number, naiveAtMost: number | null): Comparison =>
    compare(
      `µs of CPU a match, ${waiting} waiting`,
      { ours: samplesOf(figures, 'scored', waiting), naive: samplesOf(figures, 'naive', waiting) },
      naiveAtMost === null ? {} : { naive: naiveAtMost },
    );
  const growthOf = (name: ContenderName, atMost: number): Ratio =>
    ratioOf(samplesOf(figures, name, 100_000), samplesOf(figures, name, 1_000), atMost);
  const comparison = beside(100_000, 1 / 100);
  const growthFrom1000 = {
    scored: growthOf('scored', 8),
    rarestOldest: growthOf('rarest-oldest', 6),
  };
  printTable(figures, {
    'scored to naive': comparison.ratios['naive'],
    'scored, 1000 to 100000': growthFrom1000.scored,
    'rarest, 1000 to 100000': growthFrom1000.rarestOldest,
  });
  return {
    scenario: 'match',
    rounds,
    seed: SEED,
    ...comparison,
    at1000: beside(1_000, null),
    at10000: beside(10_000, null),
    growthFrom1000,
    rarestOldest: Object.fromEntries(
      WAITING.map((waiting) => [waiting, summarise(samplesOf(figures, 'rarest-oldest', waiting))]),
    ),
    picture: await writeChart('match', barChart('A match among 100,000 who wait', comparison)),
  };
}

function samplesOf(figures: Figures, name: ContenderName, waiting: number): readonly number[] {
  return figures.get(waiting)?.get(name) ?? [];
}

function measure(waiting: number, rounds: number): ReadonlyMap<ContenderName, readonly number[]> {
  const supply = new CrowdSupply(createPrng(SEED));
  const rules = createMatchRules({
    policyVersion: 1,
    modes: defaultModes().filter(({ id }) => id === 'video'),
  });
  const contenders = [
    createPoolContender('scored', waiting, rules, supply.facts),
    createPoolContender('rarest-oldest', waiting, rules, supply.facts),
    createNaiveContender(waiting, rules, supply.facts),
  ];
  const samples = new Map<ContenderName, number[]>();
  for (const contender of contenders) {
    samples.set(contender.name, []);
    contender.add(supply.take(waiting));
  }
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const contender of contenders) {
      const microseconds = timeRound(contender, supply.take(2 * contender.matchesARound));
      if (round >= 0) samples.get(contender.name)?.push(microseconds);
    }
  }
  return samples;
}

function timeRound(contender: Contender, newcomers: readonly Ticket[]): number {
  const before = process.cpuUsage();
  let replaced = 0;
  while (replaced < contender.matchesARound) {
    if (contender.unreplaced === 0) contender.unreplaced = contender.matchSome();
    const count = Math.min(contender.unreplaced, contender.matchesARound - replaced);
    contender.add(newcomers.slice(2 * replaced, 2 * (replaced + count)));
    contender.unreplaced -= count;
    replaced += count;
  }
  const spent = process.cpuUsage(before);
  return (spent.user + spent.system) / replaced;
}

function createPoolContender(
  name: 'scored' | 'rarest-oldest',
  waiting: number,
  rules: MatchRules,
  facts: PairFacts,
): Contender {
  const prng = createPrng(SEED);
  const matchEveryMs = (2 * MEAN_WAIT_MS) / waiting;
  let nowMs = 0;
  let minted = 0;
  const pool = new Pool(
    {
      rules,
      facts,
      mintMatchId: () => brandId<MatchId>(`match-${minted++}`),
      choose: name === 'scored' ? 'best' : 'first',
      // A wave proposes about 200 matches, so that the smallest pool keeps about its size.
      waveProbesMax: 0,
    },
    nowMs,
  );
  return {
    name,
    matchesARound: 2_000,
    unreplaced: 0,
    add: (tickets) => {
      for (const ticket of tickets) pool.add(ticket, nowMs);
    },
    matchSome: () => {
      const proposals = pool.runWave(nowMs, prng);
      for (const { id } of proposals) pool.confirm(id);
      // Virtual time also advances after a call that proposes no match.
      nowMs += Math.max(1, proposals.length) * matchEveryMs;
      return proposals.length;
    },
  };
}

function createNaiveContender(waiting: number, rules: MatchRules, facts: PairFacts): Contender {
  const matcher = new NaiveMatcher(rules, facts);
  return {
    name: 'naive',
    matchesARound: Math.max(50, Math.round(1_000_000 / waiting)),
    unreplaced: 0,
    add: (tickets) => {
      for (const ticket of tickets) matcher.add(ticket);
    },
    matchSome: () => (matcher.matchOldest() === null ? 0 : 1),
  };
}

function printTable(figures: Figures, ratios: Readonly<Record<string, Ratio | undefined>>): void {
  const lines = ['µs of CPU a match: the median, and its 95 % interval', ''];
  const names: readonly ContenderName[] = ['scored', 'rarest-oldest', 'naive'];
  lines.push(['waiting', ...names].map((title) => title.padStart(24)).join(''));
  for (const waiting of figures.keys()) {
    const cells = names.map((name) => inWords(summarise(samplesOf(figures, name, waiting))));
    lines.push([String(waiting), ...cells].map((cell) => cell.padStart(24)).join(''));
  }
  lines.push('');
  for (const [name, ratio] of Object.entries(ratios)) {
    if (ratio !== undefined) lines.push(`${name.padStart(24)}: ${ratioInWords(ratio)}`);
  }
  console.log(`${lines.join('\n')}\n`);
}
