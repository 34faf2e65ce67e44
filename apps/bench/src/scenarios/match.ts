import { brandId, type MatchId } from '@farandole/kernel/id';
import { createPrng } from '@farandole/kernel/prng';
import { createMatchRules, defaultModes, type MatchRules } from '@farandole/matchmaking/mode';
import { Pool } from '@farandole/matchmaking/pool';
import type { PairFacts } from '@farandole/matchmaking/ports';
import type { Ticket } from '@farandole/matchmaking/ticket';
import { CrowdSupply } from '../crowd-supply.ts';
import { NaiveMatcher } from '../floor/naive-matcher.ts';
import type { BenchOptions } from '../options.ts';
import { bootstrapMedianInterval, type Interval, median } from '../statistics.ts';

const WAITING = [1_000, 10_000, 100_000] as const;
const ROUNDS_BY_DEFAULT = 21;
const SEED = 1;
/**
 * Virtual time passes with the matches, such that a person waits so long on average whatever the
 * size of the pool (J. Little's law): else a larger pool would also be one of other wishes.
 */
const MEAN_WAIT_MS = 5_000;

type ContenderName = 'scored' | 'rarest-oldest' | 'naive';

/** Something that holds waiting tickets and can be asked for matches. */
interface Contender {
  readonly name: ContenderName;
  /** How many matches to time in a round, by what one costs. */
  readonly matchesARound: number;
  add(tickets: readonly Ticket[]): void;
  /** Makes a few matches and returns how many. */
  matchSome(): number;
}

interface Ratio {
  readonly median: number;
  readonly interval95: Interval;
  readonly atMost: number;
}

/** For each size and contender, µs of CPU a match, one figure a round. */
type Figures = ReadonlyMap<number, ReadonlyMap<ContenderName, readonly number[]>>;

/**
 * µs of CPU a match, in steady state: the pool is kept at its size by adding two tickets for each
 * match. A figure counts all that a match costs: two tickets in, the search, the two out. It does
 * not count making the tickets. The contenders take turns within each round.
 */
export function match(options: BenchOptions): Record<string, unknown> {
  const rounds = options.rounds ?? ROUNDS_BY_DEFAULT;
  const figures: Figures = new Map(WAITING.map((waiting) => [waiting, measure(waiting, rounds)]));
  const ratios = {
    scoredToNaiveAt100000: ratio(figures, ['scored', 100_000], ['naive', 100_000], 1 / 100),
    scoredGrowth: ratio(figures, ['scored', 100_000], ['scored', 1_000], 8),
    rarestOldestGrowth: ratio(figures, ['rarest-oldest', 100_000], ['rarest-oldest', 1_000], 6),
  };
  printTable(figures, ratios);
  return {
    scenario: 'match',
    rounds,
    seed: SEED,
    cpuMicrosecondsAMatch: Object.fromEntries(
      [...figures].map(([waiting, contenders]) => [
        waiting,
        Object.fromEntries([...contenders].map(([name, samples]) => [name, summarise(samples)])),
      ]),
    ),
    ratios,
  };
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
  // The first round compiles the code and is not counted.
  for (let round = -1; round < rounds; round++) {
    for (const contender of contenders) {
      const microseconds = timeRound(contender, supply.take(2 * contender.matchesARound));
      if (round >= 0) samples.get(contender.name)?.push(microseconds);
    }
  }
  return samples;
}

/** µs of CPU a match. As many tickets are added as matched ones leave. */
function timeRound(contender: Contender, newcomers: readonly Ticket[]): number {
  const before = process.cpuUsage();
  let matches = 0;
  while (matches < contender.matchesARound) {
    const made = Math.min(contender.matchSome(), contender.matchesARound - matches);
    contender.add(newcomers.slice(2 * matches, 2 * (matches + made)));
    matches += made;
  }
  const spent = process.cpuUsage(before);
  return (spent.user + spent.system) / matches;
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
      // Small waves keep the smallest pool near its size.
      waveLooksMax: 0,
    },
    nowMs,
  );
  return {
    name,
    matchesARound: 2_000,
    add: (tickets) => {
      for (const ticket of tickets) pool.add(ticket, nowMs);
    },
    matchSome: () => {
      const proposals = pool.runWave(nowMs, prng);
      for (const { id } of proposals) pool.confirm(id);
      // A wave that matches nobody takes its time too.
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
    add: (tickets) => {
      for (const ticket of tickets) matcher.add(ticket);
    },
    matchSome: () => (matcher.matchOldest() === null ? 0 : 1),
  };
}

function summarise(samples: readonly number[]): { median: number; interval95: Interval } {
  return { median: median(samples), interval95: bootstrapMedianInterval(samples) };
}

/** One contender beside another, round by round, since a slow minute slows both. */
function ratio(
  figures: Figures,
  [above, aboveWaiting]: readonly [ContenderName, number],
  [below, belowWaiting]: readonly [ContenderName, number],
  atMost: number,
): Ratio {
  const aboves = figures.get(aboveWaiting)?.get(above) ?? [];
  const belows = figures.get(belowWaiting)?.get(below) ?? [];
  const ratios = aboves.map((figure, round) => figure / (belows[round] ?? Number.NaN));
  return { ...summarise(ratios), atMost };
}

function printTable(figures: Figures, ratios: Readonly<Record<string, Ratio>>): void {
  const lines = ['µs of CPU a match: the median, and its 95 % interval', ''];
  const names: readonly ContenderName[] = ['scored', 'rarest-oldest', 'naive'];
  lines.push(['waiting', ...names].map((title) => title.padStart(24)).join(''));
  for (const [waiting, contenders] of figures) {
    const cells = names.map((name) => {
      const { median: middle, interval95 } = summarise(contenders.get(name) ?? []);
      return `${inFigures(middle)} (${interval95.map(inFigures).join('–')})`;
    });
    lines.push([String(waiting), ...cells].map((cell) => cell.padStart(24)).join(''));
  }
  lines.push('');
  for (const [name, { median: middle, interval95, atMost }] of Object.entries(ratios)) {
    const verdict = middle <= atMost ? 'reached' : 'not reached';
    lines.push(
      `${name.padStart(24)}: ${inFigures(middle)} (${interval95.map(inFigures).join('–')}), at most ${inFigures(atMost)}: ${verdict}`,
    );
  }
  console.log(`${lines.join('\n')}\n`);
}

function inFigures(value: number): string {
  return value.toPrecision(3);
}
