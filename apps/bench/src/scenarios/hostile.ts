import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type CanaryFigures,
  CanaryPair,
  type CanaryRound,
  inCanaryFigures,
} from '../load/canary.ts';
import { type Contender, startContender } from '../load/contender.ts';
import { generatorInWords, worstOf } from '../load/generator.ts';
import type { Harm } from '../load/hostile/hostile-crew.ts';
import { HostileFleet } from '../load/hostile/hostile-fleet.ts';
import { LoadFleet } from '../load/load-fleet.ts';
import {
  cpuMicrosecondsOf,
  residentKibOf,
  waitedMicrosecondsOf,
  watchResidentKib,
} from '../load/process-figures.ts';
import type { BenchOptions } from '../options.ts';
import {
  atLeast,
  atMost,
  type Bound,
  boundInWords,
  inFigures,
  ratioInWords,
  ratioOf,
} from '../result.ts';
import { median } from '../statistics.ts';
import { unexpectedLines } from './hostile-log.ts';
import { evenAtLeastTwo } from './relay.ts';

const CROWD_PER_ATTACKER = 10;
/**
 * The planned rate of messages per attacker is higher than the required rate, because an
 * attacker sends nothing between the node's close and its reconnect.
 */
const MESSAGES_PER_ATTACKER_PER_S = 68;
const MESSAGES_PER_ATTACKER_AT_LEAST = 50;
/**
 * Number of measuring pairs. Several are needed, because one pair makes only two round trips a
 * second.
 */
const CANARIES = 8;
const ROUND_MS = 10_000;
/** Pause after an attack, in which the server's queues drain. */
const CALM_MS = 2_000;

const RATIO_AT_MOST = 2;
const P99_MS_AT_MOST = 100;
const GROWTH_MIB_AT_MOST = 64;

interface Round {
  readonly figures: CanaryFigures;
  readonly canaries: readonly CanaryRound[];
  readonly serverCores: number;
  /** Number of cores, on average, that the server waited for because other processes used them. */
  readonly serverWaitedCores: number;
}

interface HostileRound extends Round {
  readonly harm: Harm;
  readonly growthMib: number;
}

/**
 * Measures round trips of a few measuring pairs in calls next to a crowd of matched users, in
 * alternating rounds with and without attack (`load/hostile/attacks.ts`). The attackers run on
 * this machine at low priority, so that their own work doesn't slow the server; the kernel's
 * work for their packets still does. Also prints the time that the server waits for a core.
 */
export async function hostile(options: BenchOptions): Promise<Record<string, unknown>> {
  const count = evenAtLeastTwo(options.connections ?? 10_000);
  const attackers = Math.max(2, Math.round(count / CROWD_PER_ATTACKER));
  const quiet: Round[] = [];
  const attacked: HostileRound[] = [];
  const fleet = new LoadFleet();
  const contender = await startContender('ours');
  try {
    const canaries = await CanaryPair.startAll(contender.port, CANARIES);
    await fleet.add('crowd', 'ours', contender.port, count);
    const { done: matched } = await fleet.order('crowd', { do: 'arrive' });
    // The first round isn't counted, because it compiles the code.
    await listen(contender, canaries);
    for (let round = 0; round < (options.rounds ?? 3); round++) {
      await delay(CALM_MS);
      quiet.push(await listen(contender, canaries));
      attacked.push(await attack(contender, canaries, attackers));
    }
    // The count `lost` isn't zero if the server closed the connection of any client of the crowd.
    const { lost } = await fleet.order('crowd', { do: 'leave' });
    for (const canary of canaries) await canary.leave();
    const exits = existsSync(`/proc/${contender.pid}`) ? 0 : 1;
    const unexpected = unexpectedLines(contender.output());
    return report({ count, attackers, matched, lost, exits, unexpected, quiet, attacked });
  } finally {
    await fleet.stop();
    await contender.stop();
  }
}

async function attack(
  contender: Contender,
  canaries: readonly CanaryPair[],
  attackers: number,
): Promise<HostileRound> {
  const hostiles = new HostileFleet();
  const beforeKib = residentKibOf(contender.pid);
  const mostKib = watchResidentKib(contender.pid);
  try {
    await hostiles.strike(contender.port, attackers, MESSAGES_PER_ATTACKER_PER_S);
    const before = await hostiles.harm();
    const round = await listen(contender, canaries);
    const harm = between(before, await hostiles.harm());
    return { ...round, harm, growthMib: (mostKib() - beforeKib) / 1_024 };
  } finally {
    mostKib();
    await hostiles.stop();
  }
}

async function listen(contender: Contender, canaries: readonly CanaryPair[]): Promise<Round> {
  await CanaryPair.takeAll(canaries);
  const { pid } = contender;
  const cpuBefore = cpuMicrosecondsOf(pid);
  const waitedBefore = waitedMicrosecondsOf(pid);
  const startedMs = performance.now();
  await delay(ROUND_MS);
  const elapsedMicroseconds = 1_000 * (performance.now() - startedMs);
  const serverCores = (cpuMicrosecondsOf(pid) - cpuBefore) / elapsedMicroseconds;
  const serverWaitedCores = (waitedMicrosecondsOf(pid) - waitedBefore) / elapsedMicroseconds;
  const taken = await CanaryPair.takeAll(canaries);
  return { figures: inCanaryFigures(taken), canaries: taken, serverCores, serverWaitedCores };
}

interface Outcome {
  readonly count: number;
  readonly attackers: number;
  readonly matched: number;
  readonly lost: number;
  readonly exits: number;
  readonly unexpected: readonly string[];
  readonly quiet: readonly Round[];
  readonly attacked: readonly HostileRound[];
}

function report(outcome: Outcome): Record<string, unknown> {
  const { count, attackers, matched, unexpected, quiet, attacked } = outcome;
  const ratio = ratioOf(
    attacked.map(({ figures }) => figures.medianMs),
    quiet.map(({ figures }) => figures.medianMs),
    RATIO_AT_MOST,
  );
  const under = inCanaryFigures(attacked.flatMap((round) => round.canaries));
  const bounds = boundsOf(outcome, under);
  const generator = worstOf(
    [...quiet, ...attacked].flatMap(({ canaries }) => canaries.map((each) => each.generator)),
  );
  console.log(
    `hostile: ${attackers} hostile sockets beside ${count} people, of whom ${matched} were matched`,
  );
  for (const [index, round] of attacked.entries()) {
    const calm = quiet[index];
    if (calm !== undefined) console.log(`    quiet    ${inRow(calm)}`);
    console.log(
      `    attacked ${inRow(round)}; ${Math.round((1_000 * round.harm.messages) / ROUND_MS)} messages/s, ` +
        `${round.harm.open} sockets open, ${round.harm.opened} opened and ${round.harm.refused} refused meanwhile, ` +
        `memory ${inFigures(round.growthMib)} MiB more`,
    );
  }
  console.log(`    the median under attack is ${ratioInWords(ratio)}`);
  for (const [name, bound] of Object.entries(bounds)) {
    console.log(`    ${name}: ${boundInWords(bound)}`);
  }
  console.log(`    of the canaries, ${generatorInWords(generator)}`);
  for (const line of unexpected) console.log(`    unexpected: ${line}`);
  return {
    scenario: 'hostile',
    connections: count,
    hostile: attackers,
    rounds: attacked.length,
    bounds,
    canary: {
      ...under,
      quiet: quiet.map(withoutTrips),
      attacked: attacked.map(withoutTrips),
    },
    medianRatio: ratio,
    generator,
  };
}

/** @param under round trips of all rounds with an attack, merged */
function boundsOf(
  { count, attackers, matched, lost, exits, unexpected, attacked }: Outcome,
  under: CanaryFigures,
): Readonly<Record<string, Bound>> {
  const growthMib = Math.max(...attacked.map((round) => round.growthMib));
  const messages = attacked.map(({ harm }) => (1_000 * harm.messages) / ROUND_MS);
  return {
    p99Ms: atMost(under.p99Ms, P99_MS_AT_MOST),
    unanswered: atMost(under.unanswered, 0),
    memoryGrowthMib: atMost(growthMib, GROWTH_MIB_AT_MOST),
    messagesPerSecond: atLeast(median(messages), MESSAGES_PER_ATTACKER_AT_LEAST * attackers),
    matched: atLeast(matched, count),
    lost: atMost(lost, 0),
    exits: atMost(exits, 0),
    unexpectedLogLines: atMost(unexpected.length, 0),
  };
}

function withoutTrips(round: Round): object {
  const { canaries: _, ...told } = round;
  return told;
}

function inRow({ figures, serverCores, serverWaitedCores }: Round): string {
  return (
    `median ${inFigures(figures.medianMs)} ms, p99 ${inFigures(figures.p99Ms)} ms ` +
    `(${figures.trips} trips), the server at ${inFigures(100 * serverCores)} % of a core, ` +
    `waiting for one ${inFigures(100 * serverWaitedCores)} %`
  );
}

function between(before: Harm, after: Harm): Harm {
  const closes: Record<string, number> = {};
  for (const [why, times] of Object.entries(after.closes)) {
    const more = times - (before.closes[why] ?? 0);
    if (more > 0) closes[why] = more;
  }
  return {
    messages: after.messages - before.messages,
    opened: after.opened - before.opened,
    refused: after.refused - before.refused,
    open: after.open,
    begun: after.begun,
    closes,
  };
}
