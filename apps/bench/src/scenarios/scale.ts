import { barChart, writeChart } from '../chart.ts';
import { type Contender, NO_PROOF, startContender } from '../load/contender.ts';
import { type GeneratorLoad, generatorInWords, worstOf } from '../load/generator.ts';
import { LoadFleet } from '../load/load-fleet.ts';
import type { ContenderName } from '../load/load-order.ts';
import { cpuMicrosecondsOf } from '../load/process-figures.ts';
import type { BenchOptions } from '../options.ts';
import { type Comparison, compare, inLines, ratioInWords, ratioOf } from '../result.ts';
import { evenAtLeastTwo, turnsOf } from './relay.ts';

const FEW = 1_000;
const ROUND_MS = 1_500;
const MESSAGES_PER_SECOND = 1_500;
/**
 * Number of connections that the judgement needs. A run with fewer connections prints the figure
 * but doesn't judge it.
 */
const MANY = 18_000;
const AT_MOST = 1.15;
const NAMES: readonly ContenderName[] = ['ours', 'bare-ws'];

type Size = 'few' | 'many';

interface Measured {
  /** µs of CPU that the server uses in a round without messages. */
  readonly idle: number;
  /** µs of CPU per chat line, after the idle cost is subtracted. */
  readonly perMessage: number;
  readonly withIdle: number;
  readonly generator: GeneratorLoad;
}

/**
 * Measures the cost of a chat line at many connections, compared with 1,000. All connections are
 * in calls, and the total message rate is the same. One ratio subtracts the idle cost (pings,
 * deadlines, the online count); a second ratio includes it.
 */
export async function scale({
  rounds,
  connections,
}: BenchOptions): Promise<Record<string, unknown>> {
  const counts = { few: FEW, many: evenAtLeastTwo(connections ?? MANY) };
  const roundsRun = rounds ?? 3;
  const fleet = new LoadFleet();
  const running: { contender: Contender; size: Size }[] = [];
  const samples: Record<Size, { ours: number[]; 'bare-ws': number[] }> = {
    few: { ours: [], 'bare-ws': [] },
    many: { ours: [], 'bare-ws': [] },
  };
  const idleShare: Record<Size, number[]> = { few: [], many: [] };
  const withIdle: Record<Size, number[]> = { few: [], many: [] };
  const loads: GeneratorLoad[] = [];
  try {
    for (const name of NAMES) {
      for (const size of ['few', 'many'] as const) {
        const contender = await startContender(name, false, NO_PROOF);
        running.push({ contender, size });
        const group = `${name} ${size}`;
        await fleet.add(group, name, contender.port, counts[size]);
        await fleet.order(group, { do: 'open' });
        await fleet.order(group, { do: 'pair' });
      }
    }
    for (let round = -1; round < roundsRun; round++) {
      for (const { contender, size } of turnsOf(running, round)) {
        const { name, pid } = contender;
        const measured = await measure(fleet, `${name} ${size}`, pid, counts[size]);
        if (round < 0) continue;
        loads.push(measured.generator);
        samples[size][name === 'ours' ? 'ours' : 'bare-ws'].push(measured.perMessage);
        if (name !== 'ours') continue;
        idleShare[size].push(measured.idle / (ROUND_MS * 1_000));
        withIdle[size].push(measured.withIdle);
      }
    }
  } finally {
    await fleet.stop();
    for (const { contender } of running) await contender.stop();
  }
  const unit = 'µs of CPU a line, without idling';
  const many: Comparison = compare(unit, samples.many);
  const few: Comparison = compare(unit, samples.few);
  const limit = counts.many < MANY ? null : AT_MOST;
  const growth = {
    ours: ratioOf(samples.many.ours, samples.few.ours, limit),
    oursWithIdling: ratioOf(withIdle.many, withIdle.few, limit),
    'bare-ws': ratioOf(samples.many['bare-ws'], samples.few['bare-ws']),
  };
  console.log(inLines(`scale: ${counts.many} connections`, many).join('\n'));
  console.log(inLines(`scale: ${counts.few} connections`, few).join('\n'));
  console.log(
    `      growth  ours ${ratioInWords(growth.ours)}; bare-ws ${ratioInWords(growth['bare-ws'])}`,
  );
  console.log(`              ours, idling left in: ${ratioInWords(growth.oursWithIdling)}`);
  const generator = worstOf(loads);
  console.log(`    ${generatorInWords(generator)}`);
  const picture = await writeChart('scale', barChart(`A line at ${counts.many} connections`, many));
  return {
    scenario: 'scale',
    rounds: roundsRun,
    connections: counts.many,
    against: counts.few,
    ...many,
    atFew: few,
    growth,
    oursIdleShareOfACore: idleShare,
    generator,
    picture,
  };
}

async function measure(
  fleet: LoadFleet,
  group: string,
  pid: number,
  count: number,
): Promise<Measured> {
  const idleBefore = cpuMicrosecondsOf(pid);
  const idleStartedMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, ROUND_MS));
  const idlePerMs = (cpuMicrosecondsOf(pid) - idleBefore) / (performance.now() - idleStartedMs);
  const before = cpuMicrosecondsOf(pid);
  const startedMs = performance.now();
  const tally = await fleet.order(group, {
    do: 'talk',
    said: 'chat',
    everyMs: (count * 1_000) / MESSAGES_PER_SECOND,
    durationMs: ROUND_MS,
  });
  const spent = cpuMicrosecondsOf(pid) - before;
  const idle = idlePerMs * (performance.now() - startedMs);
  if (tally.lost > 0) throw new Error(`${group}: ${tally.lost} clients lost`);
  return {
    idle: idlePerMs * ROUND_MS,
    perMessage: (spent - idle) / tally.sent,
    withIdle: spent / tally.sent,
    generator: tally.generator,
  };
}
