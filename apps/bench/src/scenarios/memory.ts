import { barChart, writeChart } from '../chart.ts';
import { CONTENDERS, startContender } from '../load/contender.ts';
import { collectAndMeasure, type Memory } from '../load/heap-inspector.ts';
import { LoadFleet } from '../load/load-fleet.ts';
import type { ContenderName } from '../load/load-order.ts';
import type { BenchOptions } from '../options.ts';
import { compare, inLines, summarise } from '../result.ts';
import { evenAtLeastTwo, turnsOf } from './relay.ts';

/** So many come and go first: code is compiled, and what is kept once is there. */
const WARM_UP = 400;
/** As many as the figure is asked of; of fewer it is printed, and not judged. */
const CONNECTIONS = 18_000;
const ROUNDS = 3;
const AT_MOST = { 'bare-ws': 1.2 };

/**
 * KiB of resident memory a connection that is idle: ours has said hello and its age, the floors'
 * are paired. A fresh process each round, its garbage collected before both readings. With few
 * connections the pages of V8's heap are coarser than what is measured: 18,000 give the figure.
 * No clock is in it, so nothing is said of the load generator.
 */
export async function memory({
  rounds,
  connections,
}: BenchOptions): Promise<Record<string, unknown>> {
  const count = evenAtLeastTwo(connections ?? CONNECTIONS);
  const roundsRun = rounds ?? ROUNDS;
  const resident: Record<ContenderName, number[]> = { ours: [], 'bare-ws': [], 'bare-tcp': [] };
  const heap: Record<ContenderName, number[]> = { ours: [], 'bare-ws': [], 'bare-tcp': [] };
  for (let round = 0; round < roundsRun; round++) {
    for (const name of turnsOf(CONTENDERS, round)) {
      const { before, after } = await measure(name, count);
      resident[name].push((after.rss - before.rss) / 1_024 / count);
      heap[name].push((after.heapUsed - before.heapUsed) / 1_024 / count);
    }
  }
  const comparison = compare('KiB a connection', resident, count < CONNECTIONS ? {} : AT_MOST);
  console.log(inLines(`memory: ${count} idle connections`, comparison).join('\n'));
  const picture = await writeChart('memory', barChart(`${count} idle connections`, comparison));
  return {
    scenario: 'memory',
    rounds: roundsRun,
    connections: count,
    ...comparison,
    heapUsedKibAConnection: {
      ours: summarise(heap.ours),
      'bare-ws': summarise(heap['bare-ws']),
      'bare-tcp': summarise(heap['bare-tcp']),
    },
    picture,
  };
}

async function measure(
  name: ContenderName,
  count: number,
): Promise<{ before: Memory; after: Memory }> {
  const fleet = new LoadFleet();
  const contender = await startContender(name, true);
  try {
    if (contender.inspectorUrl === null) throw new Error('it was started without a debugger');
    await fleet.add('warm-up', name, contender.port, WARM_UP);
    await fleet.order('warm-up', { do: 'open' });
    await fleet.order('warm-up', { do: 'leave' });
    const before = await collectAndMeasure(contender.inspectorUrl);
    await fleet.add('idle', name, contender.port, count);
    const { lost } = await fleet.order('idle', { do: 'open' });
    if (lost > 0) throw new Error(`${name}: ${lost} clients lost`);
    const after = await collectAndMeasure(contender.inspectorUrl);
    return { before, after };
  } finally {
    await fleet.stop();
    await contender.stop();
  }
}
