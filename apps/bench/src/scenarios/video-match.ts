import { barChart, writeChart } from '../chart.ts';
import {
  BARE_BUN,
  kindOf,
  noSamples,
  samplesOf,
  warmUpRounds,
  withCompared,
} from '../load/contender.ts';
import { type GeneratorLoad, generatorInWords, worstOf } from '../load/generator.ts';
import type { ContenderName } from '../load/load-order.ts';
import { SIGNALS_A_PAIR } from '../load/media-signals.ts';
import { cpuMicrosecondsOf } from '../load/process-figures.ts';
import type { BenchOptions } from '../options.ts';
import { compare, inLines } from '../result.ts';
import { evenAtLeastTwo, turnsOf } from './relay.ts';

const AT_MOST = 2;
const PEOPLE = 200;
/** The first rounds aren't representative, because V8 compiles on other threads. */
const WARM_UP_ROUNDS = 3;
const NAMES: readonly ContenderName[] = ['ours', 'bare-ws', ...BARE_BUN];

/**
 * Measures µs of CPU for the signalling of one matched pair by video: an offer, an answer and the
 * candidates of both browsers, each filtered, rewritten and passed on. The floor's figure is that of
 * a pair of clients who connect, are paired and leave. With `--server DIR`, the server of another
 * checkout takes the place of the floor.
 */
export async function videoMatch({
  rounds,
  connections,
  server,
}: BenchOptions): Promise<Record<string, unknown>> {
  const count = evenAtLeastTwo(connections ?? PEOPLE);
  const roundsRun = rounds ?? 5;
  const samples = noSamples();
  const loads: GeneratorLoad[] = [];
  await withCompared(
    server,
    async (fleet, contenders) => {
      for (let round = -warmUpRounds(server, WARM_UP_ROUNDS); round < roundsRun; round++) {
        for (const { name, pid, port } of turnsOf(contenders, round)) {
          const kind = kindOf(name);
          await fleet.add(name, kind, port, count);
          if (kind === 'ours') {
            await fleet.order(name, { do: 'choose', mode: 'video' });
            await fleet.order(name, { do: 'open' });
            await fleet.order(name, { do: 'pair' });
          }
          const before = cpuMicrosecondsOf(pid);
          const measured =
            kind === 'ours' ? ({ do: 'signal' } as const) : ({ do: 'churn' } as const);
          const { generator: load } = await fleet.order(name, measured);
          const spent = cpuMicrosecondsOf(pid) - before;
          if (kind === 'ours') await fleet.order(name, { do: 'leave' });
          if (round < 0) continue;
          samples[name].push((2 * spent) / count);
          loads.push(load);
        }
      }
    },
    NAMES,
  );
  const comparison = compare('µs of CPU a pair', samplesOf(samples, server, NAMES), {
    'bare-ws': AT_MOST,
  });
  console.log(inLines(`video-match: ${SIGNALS_A_PAIR} messages a pair`, comparison).join('\n'));
  const generator = worstOf(loads);
  console.log(`    ${generatorInWords(generator)}`);
  const picture = await writeChart('video-match', barChart('Signalling of a pair', comparison));
  return {
    scenario: 'video-match',
    rounds: roundsRun,
    connections: count,
    ...comparison,
    generator,
    picture,
  };
}
