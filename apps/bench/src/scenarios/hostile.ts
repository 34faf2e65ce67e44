import { existsSync } from 'node:fs';
import { type CanaryFigures, CanaryPair, inCanaryFigures } from '../load/canary.ts';
import { type Contender, startContender } from '../load/contender.ts';
import type { Harm } from '../load/hostile/hostile-crew.ts';
import { HostileFleet } from '../load/hostile/hostile-fleet.ts';
import { LoadFleet } from '../load/load-fleet.ts';
import { cpuMicrosecondsOf } from '../load/process-cost.ts';
import { residentMib, watchResidentMib } from '../load/resident-memory.ts';
import { waitedMicrosecondsOf } from '../load/run-queue.ts';
import type { BenchOptions } from '../options.ts';
import { inFigures, ratioInWords, ratioOf } from '../result.ts';
import { unexpectedLines } from './hostile-log.ts';
import { evenAtLeastTwo } from './relay.ts';

/** Of ten people one attacker; each sends so many messages a second, as far as it is let. */
const CROWD_PER_ATTACKER = 10;
const MESSAGES_PER_ATTACKER_PER_S = 70;
/** So many pairs are measured, since one of them makes only two trips a second. */
const CANARIES = 8;
const ROUND_MS = 10_000;
/** What an attack has left in the queues is not counted to the quiet after it. */
const CALM_MS = 2_000;

const RATIO_AT_MOST = 2;
const GROWTH_MIB_AT_MOST = 64;

interface Round {
  readonly figures: CanaryFigures;
  /** How much of one core the server took… */
  readonly serverCores: number;
  /** …and how much of one it waited for, since others had it: what a busy machine does to a figure. */
  readonly serverWaitedCores: number;
}

interface HostileRound extends Round {
  /** What the attackers did while the canaries were measured. */
  readonly harm: Harm;
  readonly growthMib: number;
}

/**
 * A crowd that is all matched, and a few pairs who talk: their round trip in quiet, and with
 * hostile sockets beside them that attack in every way there is (`load/hostile/attacks.ts`). Quiet
 * and hostile rounds take turns.
 *
 * The attackers run on this machine too, at a low priority, as if what they compute were computed
 * elsewhere; what the system does with their packets is still in the figure. So is whatever else
 * runs here: how long the server waited for a core is printed beside it.
 */
export async function hostile(options: BenchOptions): Promise<Record<string, unknown>> {
  const count = evenAtLeastTwo(options.connections ?? 10_000);
  const attackers = Math.max(2, Math.round(count / CROWD_PER_ATTACKER));
  const quiet: Round[] = [];
  const attacked: HostileRound[] = [];
  const fleet = new LoadFleet();
  const contender = await startContender('ours');
  try {
    const canaries = await Promise.all(
      Array.from({ length: CANARIES }, (_, index) => CanaryPair.start(contender.port, index)),
    );
    await fleet.add('crowd', 'ours', contender.port, count);
    const { done: matched } = await fleet.order('crowd', { do: 'arrive' });
    // The first round compiles the code, and is not counted.
    await listen(contender, canaries);
    for (let round = 0; round < (options.rounds ?? 3); round++) {
      await delay(CALM_MS);
      quiet.push(await listen(contender, canaries));
      attacked.push(await attack(contender, canaries, attackers));
    }
    // The crowd has felt nothing of it: nobody of it was closed.
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
  const beforeMib = residentMib(contender.pid);
  const mostMib = watchResidentMib(contender.pid);
  try {
    await hostiles.strike(contender.port, attackers, MESSAGES_PER_ATTACKER_PER_S);
    const before = await hostiles.harm();
    const round = await listen(contender, canaries);
    const harm = between(before, await hostiles.harm());
    return { ...round, harm, growthMib: mostMib() - beforeMib };
  } finally {
    mostMib();
    await hostiles.stop();
  }
}

/** What the canaries feel in a round. */
async function listen(contender: Contender, canaries: readonly CanaryPair[]): Promise<Round> {
  for (const canary of canaries) canary.take();
  const { pid } = contender;
  const cpuBefore = cpuMicrosecondsOf(pid);
  const waitedBefore = waitedMicrosecondsOf(pid);
  const startedMs = performance.now();
  await delay(ROUND_MS);
  const elapsedMicroseconds = 1_000 * (performance.now() - startedMs);
  return {
    figures: inCanaryFigures(canaries.flatMap((canary) => canary.take())),
    serverCores: (cpuMicrosecondsOf(pid) - cpuBefore) / elapsedMicroseconds,
    serverWaitedCores: (waitedMicrosecondsOf(pid) - waitedBefore) / elapsedMicroseconds,
  };
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
  const { count, attackers, matched, lost, exits, unexpected, quiet, attacked } = outcome;
  const ratio = ratioOf(
    attacked.map(({ figures }) => figures.medianMs),
    quiet.map(({ figures }) => figures.medianMs),
    RATIO_AT_MOST,
  );
  const growthMib = Math.max(...attacked.map((round) => round.growthMib));
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
  for (const line of unexpected) console.log(`    unexpected: ${line}`);
  return {
    scenario: 'hostile',
    connections: count,
    hostile: attackers,
    rounds: attacked.length,
    matched,
    lost,
    exits,
    unexpectedLogLines: unexpected.length,
    canary: { quiet, attacked },
    medianRatio: ratio,
    memoryGrowthMib: {
      most: growthMib,
      atMost: GROWTH_MIB_AT_MOST,
      reached: growthMib <= GROWTH_MIB_AT_MOST,
    },
  };
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

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
