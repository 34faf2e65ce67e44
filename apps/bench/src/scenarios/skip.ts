import { barChart, writeChart } from '../chart.ts';
import { startContender } from '../load/contender.ts';
import { LoadFleet } from '../load/load-fleet.ts';
import { cpuMicrosecondsOf, cpuOf } from '../load/process-cost.ts';
import type { BenchOptions } from '../options.ts';
import { compare, inLines } from '../result.ts';
import { evenAtLeastTwo } from './relay.ts';

/** As many as a node lets one search in a burst, less one. */
const SEARCHES = 9;

/**
 * Everybody skips everybody: each person goes on to the next at once, nine times. µs of CPU for
 * one person's skip: the end of a call, a search and a match. A bare relay knows no next person, so
 * its people leave, connect again and are paired.
 */
export async function skip({
  rounds,
  connections,
}: BenchOptions): Promise<Record<string, unknown>> {
  const count = evenAtLeastTwo(connections ?? 400);
  const roundsRun = rounds ?? 3;
  const fleet = new LoadFleet();
  const ours = await startContender('ours');
  const bare = await startContender('bare-ws');
  const samples: Record<'ours' | 'bare-ws', number[]> = { ours: [], 'bare-ws': [] };
  const matches: number[] = [];
  try {
    for (let round = -1; round < roundsRun; round++) {
      const group = `storm ${round}`;
      await fleet.add(group, 'ours', ours.port, count);
      await fleet.order(group, { do: 'open' });
      const before = cpuMicrosecondsOf(ours.pid);
      const { done, lost } = await fleet.order(group, { do: 'storm', searches: SEARCHES });
      const spent = cpuMicrosecondsOf(ours.pid) - before;
      if (lost > 0) throw new Error(`${lost} clients lost`);
      await fleet.order(group, { do: 'leave' });
      await fleet.add(group, 'bare-ws', bare.port, count);
      const bareSpent = await cpuOf(bare.pid, async () => {
        await fleet.order(group, { do: 'churn' });
      });
      if (round < 0) continue;
      samples.ours.push(spent / done);
      samples['bare-ws'].push(bareSpent / count);
      matches.push(done / (count * SEARCHES));
    }
  } finally {
    await fleet.stop();
    await ours.stop();
    await bare.stop();
  }
  const comparison = compare('µs of CPU a skip, for one person', samples);
  console.log(inLines(`skip: ${count} people, ${SEARCHES} searches each`, comparison).join('\n'));
  const picture = await writeChart('skip', barChart('On to the next person', comparison));
  return {
    scenario: 'skip',
    rounds: roundsRun,
    connections: count,
    searchesMatched: matches,
    ...comparison,
    picture,
  };
}
