import { barChart, writeChart } from '../chart.ts';
import {
  CONTENDERS,
  kindOf,
  noSamples,
  samplesOf,
  warmUpRounds,
  withCompared,
} from '../load/contender.ts';
import { type GeneratorLoad, generatorInWords, worstOf } from '../load/generator.ts';
import { cpuMicrosecondsOf } from '../load/process-figures.ts';
import type { BenchOptions } from '../options.ts';
import { compare, inLines } from '../result.ts';
import { evenAtLeastTwo, turnsOf } from './relay.ts';

const AT_MOST = 3;
const PEOPLE = 400;
/** The first rounds aren't representative, because V8 compiles on other threads. */
const WARM_UP_ROUNDS = 3;
const NAMES = CONTENDERS.filter((name) => name !== 'bare-tcp');
/** The server asks proven users for no proof of work. */
const WITHOUT_PROOF = { FARANDOLE_PROOF_MS: '0' };

/**
 * Measures µs of CPU per whole visit of a user who needs no proof of work: ticket over HTTP,
 * connection, hello with its signature check, declaration of age, search, match, and leaving. The
 * floors' clients connect, are paired and leave. With `--server DIR`, the server of another checkout
 * takes the place of the floors.
 */
export async function visit({
  rounds,
  connections,
  server,
}: BenchOptions): Promise<Record<string, unknown>> {
  const count = evenAtLeastTwo(connections ?? PEOPLE);
  const roundsRun = rounds ?? 5;
  const samples = noSamples();
  const loads: GeneratorLoad[] = [];
  const measure: Parameters<typeof withCompared>[1] = async (fleet, contenders) => {
    for (let round = -warmUpRounds(server, WARM_UP_ROUNDS); round < roundsRun; round++) {
      for (const { name, pid, port } of turnsOf(contenders, round)) {
        await fleet.add(name, kindOf(name), port, count);
        const before = cpuMicrosecondsOf(pid);
        const { generator: load } = await fleet.order(name, { do: 'churn' });
        if (round < 0) continue;
        samples[name].push((cpuMicrosecondsOf(pid) - before) / count);
        loads.push(load);
      }
    }
  };
  await withCompared(server, measure, NAMES, WITHOUT_PROOF);
  const comparison = compare('µs of CPU a visit', samplesOf(samples, server, NAMES), {
    'bare-ws': AT_MOST,
  });
  console.log(inLines('visit: ticket, connect, hello, match, close', comparison).join('\n'));
  const generator = worstOf(loads);
  console.log(`    ${generatorInWords(generator)}`);
  const picture = await writeChart('visit', barChart('A whole visit', comparison));
  return {
    scenario: 'visit',
    rounds: roundsRun,
    connections: count,
    ...comparison,
    generator,
    picture,
  };
}
