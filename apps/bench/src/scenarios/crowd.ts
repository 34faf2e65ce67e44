import { barChart, writeChart } from '../chart.ts';
import { CanaryPair, type CanaryRound, inCanaryFigures } from '../load/canary.ts';
import { startContender } from '../load/contender.ts';
import { type GeneratorReport, generatorInWords, worstOf } from '../load/generator.ts';
import { LoadFleet } from '../load/load-fleet.ts';
import type { Tally } from '../load/load-order.ts';
import { cpuMicrosecondsOf } from '../load/process-figures.ts';
import type { BenchOptions } from '../options.ts';
import { atMost, boundInWords, compare, inFigures, inLines } from '../result.ts';
import { quantile } from '../statistics.ts';
import { evenAtLeastTwo, turnsOf } from './relay.ts';

const NAMES = ['ours', 'bare-ws'] as const;
type Name = (typeof NAMES)[number];

const PEOPLE = 10_000;
const ROUNDS = 3;
/**
 * Number of users who connect per second. They follow the schedule even if earlier users are
 * still connecting.
 */
const PEOPLE_PER_S = 500;
/**
 * Number of users who warm up the code before the measurement, because each round uses a new
 * process.
 */
const WARM_UP = 400;
/**
 * Number of measuring pairs. Several are needed, because one pair makes only two round trips a
 * second.
 */
const CANARIES = 8;
const CANARY_P99_MS_AT_MOST = 100;

interface Round {
  readonly perPerson: number;
  readonly tally: Tally;
  readonly canaries: readonly CanaryRound[];
}

/**
 * Lets 500 users per second connect on schedule; all are matched. Measures µs of CPU per user,
 * the time from each user's scheduled time to the match, and round trips of existing calls. The
 * baseline's users connect and are paired.
 */
export async function crowd(options: BenchOptions): Promise<Record<string, unknown>> {
  const count = evenAtLeastTwo(options.connections ?? PEOPLE);
  const roundsRun = options.rounds ?? ROUNDS;
  const rounds: Record<Name, Round[]> = { ours: [], 'bare-ws': [] };
  for (let round = 0; round < roundsRun; round++) {
    for (const name of turnsOf(NAMES, round)) rounds[name].push(await measure(name, count));
  }
  const comparison = compare('µs of CPU a person, the whole door', {
    ours: rounds.ours.map(({ perPerson }) => perPerson),
    'bare-ws': rounds['bare-ws'].map(({ perPerson }) => perPerson),
  });
  console.log(inLines(`crowd: ${count} people, ${PEOPLE_PER_S} a second`, comparison).join('\n'));
  const felt = whatPeopleFelt(rounds.ours);
  const generator = generatorOf([...rounds.ours, ...rounds['bare-ws']]);
  console.log(`    ${generatorInWords(generator)}`);
  const picture = await writeChart('crowd', barChart(`${count} people at once`, comparison));
  return {
    scenario: 'crowd',
    rounds: roundsRun,
    connections: count,
    peoplePerSecond: PEOPLE_PER_S,
    ...felt,
    ...comparison,
    generator,
    picture,
  };
}

/** @throws Error when a user is refused, isn't matched or is disconnected */
async function measure(name: Name, count: number): Promise<Round> {
  const fleet = new LoadFleet();
  const contender = await startContender(name);
  const { pid, port } = contender;
  try {
    await fleet.add('warm-up', name, port, WARM_UP);
    await fleet.order('warm-up', { do: 'churn' });
    const pairs = name === 'ours' ? await CanaryPair.startAll(port, CANARIES) : [];
    await CanaryPair.takeAll(pairs);
    await fleet.add('crowd', name, port, count);
    const before = cpuMicrosecondsOf(pid);
    const overMs = (1_000 * count) / PEOPLE_PER_S;
    const tally = await fleet.order('crowd', { do: 'flash', overMs });
    const perPerson = (cpuMicrosecondsOf(pid) - before) / count;
    if (tally.lost > 0) throw new Error(`${name}: ${tally.lost} clients lost`);
    const canaries = await CanaryPair.takeAll(pairs);
    for (const pair of pairs) await pair.leave();
    return { perPerson, tally, canaries };
  } finally {
    await fleet.stop();
    await contender.stop();
  }
}

function whatPeopleFelt(rounds: readonly Round[]): Record<string, unknown> {
  const canary = inCanaryFigures(rounds.flatMap(({ canaries }) => canaries));
  const canaryP99Ms = atMost(canary.p99Ms, CANARY_P99_MS_AT_MOST);
  const waitsMs = rounds.flatMap(({ tally }) => tally.timesMs);
  const wait = {
    n: waitsMs.length,
    p50Ms: quantile(waitsMs, 0.5),
    p99Ms: quantile(waitsMs, 0.99),
    mostMs: quantile(waitsMs, 1),
  };
  const turnedAway = rounds.reduce((sum, { tally }) => sum + tally.refused, 0);
  console.log(
    `    all matched, each ${inFigures(wait.p50Ms)} ms after their time to come (p50), ${inFigures(wait.p99Ms)} ms (p99), ` +
      `at most ${inFigures(wait.mostMs)} ms; the door was shut ${turnedAway} times`,
  );
  console.log(
    `    a line and its answer of people who were there before: median ${inFigures(canary.medianMs)} ms ` +
      `(${canary.trips} of them, ${canary.unanswered} unanswered), p99 ${boundInWords(canaryP99Ms)}`,
  );
  return { wait, turnedAway, canary, canaryP99Ms, unanswered: atMost(canary.unanswered, 0) };
}

function generatorOf(rounds: readonly Round[]): GeneratorReport {
  return worstOf(
    rounds.flatMap(({ tally, canaries }) => [
      tally.generator,
      ...canaries.map((each) => each.generator),
    ]),
  );
}
