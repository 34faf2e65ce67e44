import { setTimeout as delay } from 'node:timers/promises';
import { CanaryPair, inCanaryFigures } from '../load/canary.ts';
import { type Contender, startContender } from '../load/contender.ts';
import { runCli } from '../load/contender-cli.ts';
import { type FloodOutcome, judgeOutcome, outcomeInWords } from '../load/flood-outcome.ts';
import { type GeneratorLoad, generatorInWords, worstOf } from '../load/generator.ts';
import { LoadFleet } from '../load/load-fleet.ts';
import { type Participant, startPair } from '../load/participant.ts';
import { cpuMicrosecondsOf, mainCpuMicrosecondsOf } from '../load/process-figures.ts';
import { type FloodTally, ReportFlood } from '../load/report-flood.ts';
import type { BenchOptions } from '../options.ts';
import { inFigures, ratioInWords, ratioOf } from '../result.ts';
import { median } from '../statistics.ts';
import { evenAtLeastTwo } from './relay.ts';

const FLOOD_REPORTS = 10_000;
/**
 * Report reason with which the server pins the case, so that the flood's case is always shown in
 * the moderators' queue. No other report of this scenario has this reason.
 */
const FLOOD_REASON = 'self-harm';
const CANARY_REPORTS = 40;
const CANARY_REPORT_EVERY_MS = 100;
const ACKNOWLEDGED_MS_AT_MOST = 250;

const TALK_EVERY_MS = 520;
const TALKERS = 2_600;
const REPORTS_PER_S = 200;
const ROUND_MS = 4_000;
const REPORTS_A_ROUND = REPORTS_PER_S * (ROUND_MS / 1_000);
const SLOWER_AT_MOST = 1.1;
const CANARIES = 16;
const NODE_PEOPLE_MAX = 20_000;
const OTHERS_MAX = 100;

interface Round {
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly lineCpu: number;
  readonly mainLineCpu: number;
  readonly lines: number;
  readonly reports: number;
  readonly generator: GeneratorLoad;
}

/**
 * Measures how reports affect other users. First, one attacker reports one stranger 10,000 times
 * while others report too, which must result in one case and no sanction. Then users chat, and
 * in every other round users also report.
 */
export async function reports(options: BenchOptions): Promise<Record<string, unknown>> {
  const talkers = evenAtLeastTwo(options.connections ?? TALKERS);
  const rounds = options.rounds ?? 5;
  const roundsMax = Math.floor((NODE_PEOPLE_MAX - talkers - OTHERS_MAX) / REPORTS_A_ROUND) - 1;
  if (rounds > roundsMax) {
    throw new Error(`each report is somebody's: one node has room for ${roundsMax} rounds of them`);
  }
  const fleet = new LoadFleet();
  const contender = await startContender('ours');
  try {
    const flooded = await flood(contender);
    const chat = await beside(fleet, contender, talkers, rounds);
    return { scenario: 'reports', rounds, connections: talkers, ...flooded, ...chat };
  } finally {
    await fleet.stop();
    await contender.stop();
  }
}

async function flood(contender: Contender): Promise<Record<string, unknown>> {
  const { port } = contender;
  const attack = await ReportFlood.start(port);
  const people = await peopleInCalls(port, CANARY_REPORTS);
  const under = Promise.withResolvers<FloodTally>();
  attack.run(FLOOD_REPORTS, FLOOD_REASON).then(under.resolve, under.reject);
  let isOver = false;
  void under.promise.finally(() => {
    isOver = true;
  });
  const acknowledgedMs: number[] = [];
  for (const person of people) {
    if (isOver) break;
    await delay(CANARY_REPORT_EVERY_MS);
    acknowledgedMs.push(await timeOfReport(person));
  }
  const tally = await under.promise;
  const outcome = await outcomeOf(contender);
  // Returns NaN if there are no samples, because NaN misses the bound.
  const slowest = acknowledgedMs.length === 0 ? Number.NaN : Math.max(...acknowledgedMs);
  const canaryReport = {
    reports: acknowledgedMs.length,
    medianMs: median(acknowledgedMs),
    slowestMs: slowest,
    atMostMs: ACKNOWLEDGED_MS_AT_MOST,
    reached: slowest <= ACKNOWLEDGED_MS_AT_MOST,
  };
  console.log(`reports: ${tally.sent} of one attacker left ${outcomeInWords(outcome)}`);
  console.log(
    `    meanwhile ${canaryReport.reports} others were acknowledged in ${inFigures(canaryReport.medianMs)} ms, ` +
      `the slowest in ${inFigures(slowest)}; at most ${ACKNOWLEDGED_MS_AT_MOST}: ` +
      (canaryReport.reached ? 'reached' : 'not reached'),
  );
  return { flood: { ...tally, ...judgeOutcome(outcome) }, canaryReport };
}

async function outcomeOf(contender: Contender): Promise<FloodOutcome> {
  await runCli(contender.dataDir, 'user', 'add', 'Bench', '--role', 'moderator');
  const queue = (await runCli(contender.dataDir, 'case', 'list', '--as', 'Bench')) as readonly {
    readonly of: {
      readonly reports: number;
      readonly reasons: readonly { readonly reason: string }[];
    };
  }[];
  const cases = queue.filter(({ of }) => of.reasons.some(({ reason }) => reason === FLOOD_REASON));
  const standing = (await runCli(contender.dataDir, 'sanction', 'list')) as {
    readonly sanctions: readonly unknown[];
    readonly holds: readonly unknown[];
  };
  return {
    cases: cases.length,
    reportsInThem: cases.reduce((sum, { of }) => sum + of.reports, 0),
    sanctions: standing.sanctions.length,
    holds: standing.holds.length,
  };
}

async function beside(
  fleet: LoadFleet,
  { port, pid }: Contender,
  talkers: number,
  rounds: number,
): Promise<Record<string, unknown>> {
  const reporters = evenAtLeastTwo((rounds + 1) * REPORTS_A_ROUND);
  await fleet.add('talkers', 'ours', port, talkers);
  await fleet.order('talkers', { do: 'open' });
  await fleet.order('talkers', { do: 'pair' });
  await fleet.add('reporters', 'ours', port, reporters);
  await fleet.order('reporters', { do: 'arrive' });
  const canaries = await CanaryPair.startAll(port, CANARIES);
  const listen = async (areReporting: boolean): Promise<Round> => {
    await CanaryPair.takeAll(canaries);
    const before = [cpuMicrosecondsOf(pid), mainCpuMicrosecondsOf(pid)] as const;
    const [talk, reported] = await Promise.all([
      fleet.order('talkers', {
        do: 'talk',
        said: 'chat',
        everyMs: TALK_EVERY_MS,
        durationMs: ROUND_MS,
      }),
      areReporting
        ? fleet.order('reporters', { do: 'report', part: 1 / (rounds + 1), durationMs: ROUND_MS })
        : null,
    ]);
    const lineCpu = (cpuMicrosecondsOf(pid) - before[0]) / talk.sent;
    const mainLineCpu = (mainCpuMicrosecondsOf(pid) - before[1]) / talk.sent;
    const taken = await CanaryPair.takeAll(canaries);
    const { medianMs, p99Ms } = inCanaryFigures(taken);
    if (talk.delivered !== 2 * talk.sent) {
      throw new Error(`${talk.delivered} of ${2 * talk.sent} lines were delivered`);
    }
    if (reported !== null && reported.delivered !== reported.planned) {
      throw new Error(`${reported.delivered} of ${reported.planned} reports were acknowledged`);
    }
    return {
      medianMs,
      p99Ms,
      lineCpu,
      mainLineCpu,
      lines: talk.sent,
      reports: reported?.delivered ?? 0,
      generator: worstOf([
        talk.generator,
        ...(reported === null ? [] : [reported.generator]),
        ...taken.map((each) => each.generator),
      ]),
    };
  };
  const quiet: Round[] = [];
  const reporting: Round[] = [];
  // The first round isn't counted, because it compiles the code.
  for (let round = -1; round < rounds; round++) {
    const turn = [await listen(false), await listen(true)] as const;
    if (round < 0) continue;
    quiet.push(turn[0]);
    reporting.push(turn[1]);
  }
  for (const canary of canaries) await canary.leave();
  const of = (all: readonly Round[], figure: 'medianMs' | 'lineCpu' | 'mainLineCpu') =>
    all.map((round) => round[figure]);
  const chatLatency = ratioOf(of(reporting, 'medianMs'), of(quiet, 'medianMs'), SLOWER_AT_MOST);
  const relayThreadCpu = ratioOf(of(reporting, 'mainLineCpu'), of(quiet, 'mainLineCpu'));
  const processCpu = ratioOf(of(reporting, 'lineCpu'), of(quiet, 'lineCpu'));
  console.log(
    `    ${talkers} people chat, ${Math.round((1_000 * (quiet[0]?.lines ?? 0)) / ROUND_MS)} lines/s, ` +
      `without and with ${REPORTS_PER_S} reports/s committed:`,
  );
  for (const [index, round] of reporting.entries()) {
    const calm = quiet[index];
    if (calm !== undefined) console.log(`    quiet      ${inRow(calm)}`);
    console.log(`    reporting  ${inRow(round)}`);
  }
  console.log(`    the median round trip is ${ratioInWords(chatLatency)}`);
  console.log(
    `    CPU a line, with what the reports cost counted in: of the thread that relays ${ratioInWords(relayThreadCpu)}, ` +
      `of the process ${ratioInWords(processCpu)}`,
  );
  const generator = worstOf([...quiet, ...reporting].map((round) => round.generator));
  console.log(`    ${generatorInWords(generator)}`);
  const chat = { quiet, reporting };
  return { reporters, chat, chatLatency, relayThreadCpu, processCpu, generator };
}

function inRow({ medianMs, p99Ms, mainLineCpu, lineCpu, reports: told }: Round): string {
  return (
    `median ${inFigures(medianMs)} ms, p99 ${inFigures(p99Ms)} ms; ${inFigures(mainLineCpu)} µs a line ` +
    `in the thread that relays, ${inFigures(lineCpu)} in all; ${told} reports`
  );
}

async function peopleInCalls(port: number, count: number): Promise<readonly Participant[]> {
  const people: Participant[] = [];
  for (let pair = 0; pair < count / 2; pair++) {
    people.push(...(await startPair(port, [`127.202.${pair}.1`, `127.203.${pair}.1`])));
  }
  return people;
}

/** @returns the time in ms until the report was acknowledged */
async function timeOfReport(person: Participant): Promise<number> {
  const startedMs = performance.now();
  const answer = await new Promise<string>((resolve) => {
    person.onReported = resolve;
    person.report('other');
  });
  if (answer !== 'accepted') throw new Error(`a canary's report was ${answer}`);
  return performance.now() - startedMs;
}
