import { barChart, writeChart } from '../chart.ts';
import { CanaryPair, inCanaryFigures } from '../load/canary.ts';
import { startContender } from '../load/contender.ts';
import type { ContenderName } from '../load/load-crew.ts';
import { LoadFleet } from '../load/load-fleet.ts';
import { cpuMicrosecondsOf } from '../load/process-cost.ts';
import type { BenchOptions } from '../options.ts';
import { compare, inFigures, inLines } from '../result.ts';
import { median } from '../statistics.ts';
import { evenAtLeastTwo, turnsOf } from './relay.ts';

const NAMES: readonly ContenderName[] = ['ours', 'bare-ws'];

/**
 * A crowd comes through the whole door as fast as it can, and all of it is matched: µs of CPU a
 * person, how long the whole took, and how long a line and its answer took of two people who were there before.
 * The floor's crowd connects and is paired.
 */
export async function crowd({
  rounds,
  connections,
}: BenchOptions): Promise<Record<string, unknown>> {
  const count = evenAtLeastTwo(connections ?? 2_000);
  const roundsRun = rounds ?? 1;
  const cost: Record<'ours' | 'bare-ws', number[]> = { ours: [], 'bare-ws': [] };
  const allMatchedMs: number[] = [];
  const canaryMs: number[] = [];
  let matched = 0;
  for (let round = 0; round < roundsRun; round++) {
    for (const name of turnsOf(NAMES, round)) {
      const fleet = new LoadFleet();
      const contender = await startContender(name);
      try {
        const canary = name === 'ours' ? await CanaryPair.start(contender.port, 0) : null;
        const before = cpuMicrosecondsOf(contender.pid);
        await fleet.add('crowd', name, contender.port, count);
        // Rejects if one of them is refused; resolves once each of them has somebody.
        const tally = await fleet.order('crowd', { do: 'arrive' });
        const spent = cpuMicrosecondsOf(contender.pid) - before;
        if (tally.lost > 0) throw new Error(`${name}: ${tally.lost} clients lost`);
        cost[name === 'ours' ? 'ours' : 'bare-ws'].push(spent / count);
        if (canary !== null) {
          matched = tally.done;
          allMatchedMs.push(tally.elapsedMs);
          canaryMs.push(...canary.take());
          await canary.leave();
        }
      } finally {
        await fleet.stop();
        await contender.stop();
      }
    }
  }
  const comparison = compare('µs of CPU a person, the whole door', cost);
  const canary = inCanaryFigures(canaryMs);
  console.log(inLines(`crowd: ${count} people at once`, comparison).join('\n'));
  console.log(
    `    all ${matched} matched in ${inFigures(median(allMatchedMs))} ms; a line and its answer of two ` +
      `who were there before: median ${inFigures(canary.medianMs)} ms, p99 ${inFigures(canary.p99Ms)} ms (${canary.trips} of them)`,
  );
  const picture = await writeChart('crowd', barChart(`${count} people at once`, comparison));
  return {
    scenario: 'crowd',
    rounds: roundsRun,
    connections: count,
    matched,
    allMatchedMs: median(allMatchedMs),
    canary,
    ...comparison,
    picture,
  };
}
