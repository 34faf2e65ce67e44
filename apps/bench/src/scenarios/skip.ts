import { barChart, writeChart } from '../chart.ts';
import { startContender } from '../load/contender.ts';
import { freedFigures, freedInWords } from '../load/freed-times.ts';
import { type GeneratorLoad, generatorInWords, worstOf } from '../load/generator.ts';
import { LoadFleet } from '../load/load-fleet.ts';
import { cpuMicrosecondsOf } from '../load/process-figures.ts';
import type { BenchOptions } from '../options.ts';
import { compare, inLines } from '../result.ts';
import { evenAtLeastTwo } from './relay.ts';

/** Number of searches per user, which is one less than the rate limit's burst. */
const SEARCHES = 9;
const PEOPLE = 2_000;

/**
 * Measures µs of CPU per skip, which ends a call, searches and finds a match. Every user skips
 * nine times. The baseline's clients reconnect and are paired instead. That costs more, so the
 * ratio has no bound.
 */
export async function skip({
  rounds,
  connections,
}: BenchOptions): Promise<Record<string, unknown>> {
  const count = evenAtLeastTwo(connections ?? PEOPLE);
  const roundsRun = rounds ?? 3;
  const fleet = new LoadFleet();
  const ours = await startContender('ours');
  const bare = await startContender('bare-ws');
  const samples: Record<'ours' | 'bare-ws', number[]> = { ours: [], 'bare-ws': [] };
  const matches: number[] = [];
  const freedMs: number[] = [];
  const loads: GeneratorLoad[] = [];
  try {
    for (let round = -1; round < roundsRun; round++) {
      const group = `storm ${round}`;
      await fleet.add(group, 'ours', ours.port, count);
      await fleet.order(group, { do: 'open' });
      const before = cpuMicrosecondsOf(ours.pid);
      const storm = await fleet.order(group, { do: 'storm', searches: SEARCHES });
      const { done, lost } = storm;
      const spent = cpuMicrosecondsOf(ours.pid) - before;
      if (lost > 0) throw new Error(`${lost} clients lost`);
      await fleet.order(group, { do: 'leave' });
      await fleet.add(group, 'bare-ws', bare.port, count);
      const bareBefore = cpuMicrosecondsOf(bare.pid);
      const churn = await fleet.order(group, { do: 'churn' });
      const bareSpent = cpuMicrosecondsOf(bare.pid) - bareBefore;
      if (round < 0) continue;
      loads.push(storm.generator, churn.generator);
      freedMs.push(...storm.timesMs);
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
  // The time to notify the peer has no bound here, because a storm of skips isn't normal use. The
  // soak test judges that time.
  const freed = freedFigures(freedMs, null);
  console.log(`    ${freedInWords(freed)}`);
  const generator = worstOf(loads);
  console.log(`    ${generatorInWords(generator)}`);
  const picture = await writeChart('skip', barChart('On to the next person', comparison));
  return {
    scenario: 'skip',
    rounds: roundsRun,
    connections: count,
    searchesMatched: matches,
    freed,
    generator,
    ...comparison,
    picture,
  };
}
