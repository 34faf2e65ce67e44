import { barChart, writeChart } from '../chart.ts';
import { CONTENDERS, startContender } from '../load/contender.ts';
import { Inspector, type Memory } from '../load/inspector.ts';
import { LoadFleet } from '../load/load-fleet.ts';
import type { ContenderName } from '../load/load-order.ts';
import { residentKibOf } from '../load/process-figures.ts';
import type { BenchOptions } from '../options.ts';
import { compare, inLines, inWords, summarise } from '../result.ts';
import { evenAtLeastTwo, turnsOf } from './relay.ts';

/**
 * Number of connections made before the first reading, because the first connections compile
 * code and fill one-time caches.
 */
const WARM_UP = 400;
/**
 * Number of connections that the judgement needs. A run with fewer connections prints the figure
 * but doesn't judge it.
 */
const CONNECTIONS = 18_000;
const ROUNDS = 3;
const AT_MOST = { 'bare-ws': 1.2 };

/**
 * Measures KiB of resident memory per idle connection, after hello and age declaration. The
 * connections of the baselines are paired. Each round uses a fresh process and collects garbage
 * before both readings. The figure needs 18,000 connections, because V8's page size dominates
 * small runs. The load generator isn't judged, because no time is measured.
 */
export async function memory({
  rounds,
  connections,
}: BenchOptions): Promise<Record<string, unknown>> {
  const count = evenAtLeastTwo(connections ?? CONNECTIONS);
  const roundsRun = rounds ?? ROUNDS;
  const resident: Record<ContenderName, number[]> = { ours: [], 'bare-ws': [], 'bare-tcp': [] };
  const nodeMib = { empty: [] as number[], full: [] as number[] };
  const heap: Record<ContenderName, number[]> = { ours: [], 'bare-ws': [], 'bare-tcp': [] };
  for (let round = 0; round < roundsRun; round++) {
    for (const name of turnsOf(CONTENDERS, round)) {
      const { before, after, standingKib } = await measure(name, count);
      if (name === 'ours') {
        nodeMib.empty.push(before.rss / 1_024 / 1_024);
        nodeMib.full.push(standingKib / 1_024);
      }
      resident[name].push((after.rss - before.rss) / 1_024 / count);
      heap[name].push((after.heapUsed - before.heapUsed) / 1_024 / count);
    }
  }
  const comparison = compare('KiB a connection', resident, count < CONNECTIONS ? {} : AT_MOST);
  console.log(inLines(`memory: ${count} idle connections`, comparison).join('\n'));
  const node = { emptyMib: summarise(nodeMib.empty), fullMib: summarise(nodeMib.full) };
  console.log(
    `    the node has ${inWords(node.emptyMib)} MiB empty, after a collection, and ` +
      `${inWords(node.fullMib)} MiB with all connections, before one`,
  );
  const picture = await writeChart('memory', barChart(`${count} idle connections`, comparison));
  return {
    scenario: 'memory',
    rounds: roundsRun,
    connections: count,
    ...comparison,
    node,
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
): Promise<{ before: Memory; after: Memory; standingKib: number }> {
  const fleet = new LoadFleet();
  const contender = await startContender(name, true);
  try {
    if (contender.inspectorUrl === null) throw new Error('it was started without a debugger');
    const inspector = await Inspector.connect(contender.inspectorUrl);
    const collected = async (): Promise<Memory> => {
      await inspector.collectGarbage();
      return (await inspector.look()).memory;
    };
    await fleet.add('warm-up', name, contender.port, WARM_UP);
    await fleet.order('warm-up', { do: 'open' });
    await fleet.order('warm-up', { do: 'leave' });
    const before = await collected();
    await fleet.add('idle', name, contender.port, count);
    const { lost } = await fleet.order('idle', { do: 'open' });
    if (lost > 0) throw new Error(`${name}: ${lost} clients lost`);
    const standingKib = residentKibOf(contender.pid);
    const after = await collected();
    inspector.close();
    return { before, after, standingKib };
  } finally {
    await fleet.stop();
    await contender.stop();
  }
}
