import { barChart, writeChart } from '../chart.ts';
import { type Contender, startContender } from '../load/contender.ts';
import type { ContenderName } from '../load/load-crew.ts';
import { LoadFleet } from '../load/load-fleet.ts';
import { cpuMicrosecondsOf } from '../load/process-cost.ts';
import type { BenchOptions } from '../options.ts';
import { type Comparison, compare, inLines, ratioInWords, ratioOf } from '../result.ts';
import { evenAtLeastTwo, turnsOf } from './relay.ts';

const FEW = 1_000;
const ROUND_MS = 1_500;
/** Of all connections together, however many: the same work, spread wider. */
const MESSAGES_PER_SECOND = 1_500;
const AT_MOST = 1.15;
const NAMES: readonly ContenderName[] = ['ours', 'bare-ws'];

type Size = 'few' | 'many';

/**
 * What a line of chat costs at many connections against 1,000, all of them in calls. As many lines
 * a second go through both; what the process spends in as long a time when nobody talks (pings,
 * deadlines, the count of people online) is taken off, since it is no cost of a line.
 */
export async function scale({
  rounds,
  connections,
}: BenchOptions): Promise<Record<string, unknown>> {
  const counts = { few: FEW, many: evenAtLeastTwo(connections ?? 4_000) };
  const roundsRun = rounds ?? 3;
  const fleet = new LoadFleet();
  const running: { contender: Contender; size: Size }[] = [];
  const samples: Record<Size, { ours: number[]; 'bare-ws': number[] }> = {
    few: { ours: [], 'bare-ws': [] },
    many: { ours: [], 'bare-ws': [] },
  };
  const idleShare: Record<Size, number[]> = { few: [], many: [] };
  try {
    for (const name of NAMES) {
      for (const size of ['few', 'many'] as const) {
        const contender = await startContender(name);
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
        const { idle, perMessage } = await measure(fleet, name, size, pid, counts[size]);
        if (round < 0) continue;
        samples[size][name === 'ours' ? 'ours' : 'bare-ws'].push(perMessage);
        if (name === 'ours') idleShare[size].push(idle / (ROUND_MS * 1_000));
      }
    }
  } finally {
    await fleet.stop();
    for (const { contender } of running) await contender.stop();
  }
  const unit = 'µs of CPU a line, without idling';
  const many: Comparison = compare(unit, samples.many);
  const few: Comparison = compare(unit, samples.few);
  const growth = {
    ours: ratioOf(samples.many.ours, samples.few.ours, AT_MOST),
    'bare-ws': ratioOf(samples.many['bare-ws'], samples.few['bare-ws']),
  };
  console.log(inLines(`scale: ${counts.many} connections`, many).join('\n'));
  console.log(inLines(`scale: ${counts.few} connections`, few).join('\n'));
  console.log(
    `      growth  ours ${ratioInWords(growth.ours)}; bare-ws ${ratioInWords(growth['bare-ws'])}`,
  );
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
    picture,
  };
}

async function measure(
  fleet: LoadFleet,
  name: ContenderName,
  size: Size,
  pid: number,
  count: number,
): Promise<{ idle: number; perMessage: number }> {
  const group = `${name} ${size}`;
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
  return { idle: idlePerMs * ROUND_MS, perMessage: (spent - idle) / tally.sent };
}
