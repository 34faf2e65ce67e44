import { barChart, writeChart } from '../chart.ts';
import { CanaryPair, type CanaryRound, inCanaryFigures } from '../load/canary.ts';
import { startContender } from '../load/contender.ts';
import { type GeneratorReport, generatorInWords, worstOf } from '../load/generator.ts';
import { LoadFleet } from '../load/load-fleet.ts';
import type { Tally } from '../load/load-order.ts';
import { cpuMicrosecondsOf } from '../load/process-cost.ts';
import type { BenchOptions } from '../options.ts';
import { atMost, boundInWords, compare, inFigures, inLines } from '../result.ts';
import { quantile } from '../statistics.ts';
import { evenAtLeastTwo, turnsOf } from './relay.ts';

const NAMES = ['ours', 'bare-ws'] as const;
type Name = (typeof NAMES)[number];

const PEOPLE = 10_000;
const ROUNDS = 3;
/** By the clock, regardless of earlier users still connecting. */
const PEOPLE_PER_S = 500;
/** Each round uses a new process; these users warm up its code first. */
const WARM_UP = 400;
/** A pair makes only two trips a second. */
const CANARIES = 8;
const CANARY_P99_MS_AT_MOST = 100;

interface Round {
  readonly perPerson: number;
  readonly tally: Tally;
  readonly canaries: readonly CanaryRound[];
}

/**
 * 500 users a second connect by the clock and all are matched. Measures µs of CPU per user, the
 * wait from each one's scheduled time, and round trips of existing calls. The floor's crowd
 * connects and is paired.
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

/** @throws Error when a user is refused, unmatched or lost */
async function measure(name: Name, count: number): Promise<Round> {
  const fleet = new LoadFleet();
  const contender = await startContender(name);
  const { pid, port } = contender;
  try {
    await fleet.add('warm-up', name, port, WARM_UP);
    await fleet.order('warm-up', { do: 'churn' });
    const pairs = name === 'ours' ? await CanaryPair.startAll(port, CANARIES) : [];
    const takeAll = async (): Promise<readonly CanaryRound[]> =>
      await Promise.all(pairs.map(async (pair) => await pair.take()));
    await takeAll();
    await fleet.add('crowd', name, port, count);
    const before = cpuMicrosecondsOf(pid);
    const overMs = (1_000 * count) / PEOPLE_PER_S;
    const tally = await fleet.order('crowd', { do: 'flash', overMs });
    const perPerson = (cpuMicrosecondsOf(pid) - before) / count;
    if (tally.lost > 0) throw new Error(`${name}: ${tally.lost} clients lost`);
    const canaries = await takeAll();
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
