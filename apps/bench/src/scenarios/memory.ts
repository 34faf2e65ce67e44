import { barChart, writeChart } from '../chart.ts';
import {
  CONTENDERS,
  type ComparedName,
  comparedNames,
  kindOf,
  NO_PROOF,
  noSamples,
  runtimeSettings,
  samplesOf,
  startContender,
} from '../load/contender.ts';
import { Inspector, type Memory } from '../load/inspector.ts';
import { LoadFleet } from '../load/load-fleet.ts';
import { residentKibOf } from '../load/process-figures.ts';
import type { BenchOptions } from '../options.ts';
import {
  atMost,
  boundInWords,
  compare,
  inLines,
  inWords,
  type Samples,
  summarise,
} from '../result.ts';
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
/** Bound of the node's resident memory as it stands, without a collection. */
const RESIDENT_MIB_AT_MOST = 220;
/** The floor in C has no heap to collect. */
const NAMES = CONTENDERS.filter((name) => name !== 'bare-c');

/**
 * Measures resident memory with idle connections, after hello and age declaration: MiB as the
 * process stands, which an operator sees, and KiB per connection after a collection. The
 * connections of the baselines are paired. Each round uses a fresh process, and collects garbage
 * before the first connection. The second figure needs 18,000 connections, because V8's page size dominates
 * small runs. The load generator isn't judged, because no time is measured.
 */
export async function memory({
  rounds,
  connections,
  server,
}: BenchOptions): Promise<Record<string, unknown>> {
  const count = evenAtLeastTwo(connections ?? CONNECTIONS);
  const roundsRun = rounds ?? ROUNDS;
  const [resident, standing, empty, heap] = [noSamples(), noSamples(), noSamples(), noSamples()];
  for (let round = 0; round < roundsRun; round++) {
    for (const name of turnsOf(comparedNames(server, NAMES), round)) {
      const { before, after, standingKib } = await measure(name, count, server);
      empty[name].push(before.rss / 1_024 / 1_024);
      standing[name].push(standingKib / 1_024);
      resident[name].push((after.rss - before.rss) / 1_024 / count);
      heap[name].push((after.heapUsed - before.heapUsed) / 1_024 / count);
    }
  }
  const of = (samples: ReturnType<typeof noSamples>): Samples => samplesOf(samples, server, NAMES);
  const comparison = compare('KiB a connection, collected', of(resident));
  console.log(inLines(`memory: ${count} idle connections`, comparison).join('\n'));
  const asItStands = compare('MiB, not collected', of(standing));
  console.log(inLines('memory: the whole process as it stands', asItStands).join('\n'));
  const node = { emptyMib: summarise(empty.ours), fullMib: summarise(standing.ours) };
  const residentMib =
    count < CONNECTIONS ? null : atMost(node.fullMib.median, RESIDENT_MIB_AT_MOST);
  console.log(
    `    the node has ${inWords(node.emptyMib)} MiB empty, after a collection, and ` +
      `${residentMib === null ? inWords(node.fullMib) : boundInWords(residentMib)} MiB as it stands`,
  );
  const picture = await writeChart('memory', barChart(`${count} idle connections`, comparison));
  return {
    scenario: 'memory',
    rounds: roundsRun,
    connections: count,
    ...comparison,
    asItStands,
    residentMib,
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
  name: Exclude<ComparedName, 'peer'>,
  count: number,
  server: string | null,
): Promise<{ before: Memory; after: Memory; standingKib: number }> {
  const fleet = new LoadFleet();
  const kind = kindOf(name);
  const settings = { ...NO_PROOF, ...(name === 'ours' && runtimeSettings(server)) };
  const contender = await startContender(kind, true, settings);
  try {
    if (contender.inspectorUrl === null) throw new Error('it was started without a debugger');
    const inspector = await Inspector.connect(contender.inspectorUrl);
    const collected = async (): Promise<Memory> => {
      await inspector.collectGarbage();
      return (await inspector.look()).memory;
    };
    await fleet.add('warm-up', kind, contender.port, WARM_UP);
    await fleet.order('warm-up', { do: 'open' });
    await fleet.order('warm-up', { do: 'leave' });
    const before = await collected();
    await fleet.add('idle', kind, contender.port, count);
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
