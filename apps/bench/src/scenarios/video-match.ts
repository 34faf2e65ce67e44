import { barChart, writeChart } from '../chart.ts';
import { BARE_BUN, kindOf } from '../load/contender.ts';
import { generatorInWords } from '../load/generator.ts';
import { SIGNALS_A_PAIR } from '../load/media-signals.ts';
import { cpuMicrosecondsOf } from '../load/process-figures.ts';
import type { BenchOptions } from '../options.ts';
import { inLines } from '../result.ts';
import { measureInTurns, type TurnsSetup } from './measured-turns.ts';

const SETUP: TurnsSetup = {
  names: ['ours', 'bare-ws', ...BARE_BUN],
  ...{ people: 200, rounds: 5, unit: 'µs of CPU a pair', atMost: 2 },
};

/**
 * Measures µs of CPU for the signalling of one matched pair by video: an offer, an answer and the
 * candidates of both browsers, each filtered, rewritten and passed on. The floor's figure is that of
 * a pair of clients who connect, are paired and leave. With `--server DIR`, the server of another
 * checkout takes the place of the floor.
 */
export async function videoMatch(options: BenchOptions): Promise<Record<string, unknown>> {
  const { rounds, connections, comparison, generator } = await measureInTurns(
    options,
    SETUP,
    async (fleet, { name, pid, port }, count) => {
      const kind = kindOf(name);
      await fleet.add(name, kind, port, count);
      if (kind === 'ours') {
        await fleet.order(name, { do: 'choose', mode: 'video' });
        await fleet.order(name, { do: 'open' });
        await fleet.order(name, { do: 'pair' });
      }
      const before = cpuMicrosecondsOf(pid);
      const measured = kind === 'ours' ? ({ do: 'signal' } as const) : ({ do: 'churn' } as const);
      const { generator: load } = await fleet.order(name, measured);
      const figure = (2 * (cpuMicrosecondsOf(pid) - before)) / count;
      if (kind === 'ours') await fleet.order(name, { do: 'leave' });
      return { figure, load };
    },
  );
  console.log(inLines(`video-match: ${SIGNALS_A_PAIR} messages a pair`, comparison).join('\n'));
  console.log(`    ${generatorInWords(generator)}`);
  const picture = await writeChart('video-match', barChart('Signalling of a pair', comparison));
  return { scenario: 'video-match', rounds, connections, ...comparison, generator, picture };
}
