import { barChart, writeChart } from '../chart.ts';
import { CONTENDERS, kindOf, NO_PROOF } from '../load/contender.ts';
import { generatorInWords } from '../load/generator.ts';
import { cpuMicrosecondsOf } from '../load/process-figures.ts';
import type { BenchOptions } from '../options.ts';
import { inLines } from '../result.ts';
import { measureInTurns, type TurnsSetup } from './measured-turns.ts';

const SETUP: TurnsSetup = {
  names: CONTENDERS.filter((name) => name !== 'bare-tcp'),
  ...{ people: 400, rounds: 5, unit: 'µs of CPU a visit', atMost: 3 },
  // The server asks proven users for no proof of work.
  settings: NO_PROOF,
};

/**
 * Measures µs of CPU per whole visit of a user who needs no proof of work: ticket over HTTP,
 * connection, hello with its signature check, declaration of age, search, match, and leaving. The
 * floors' clients connect, are paired and leave. With `--server DIR`, the server of another checkout
 * takes the place of the floors.
 */
export async function visit(options: BenchOptions): Promise<Record<string, unknown>> {
  const { rounds, connections, comparison, generator } = await measureInTurns(
    options,
    SETUP,
    async (fleet, { name, pid, port }, count) => {
      await fleet.add(name, kindOf(name), port, count);
      const before = cpuMicrosecondsOf(pid);
      const { generator: load } = await fleet.order(name, { do: 'churn' });
      return { figure: (cpuMicrosecondsOf(pid) - before) / count, load };
    },
  );
  console.log(inLines('visit: ticket, connect, hello, match, close', comparison).join('\n'));
  console.log(`    ${generatorInWords(generator)}`);
  const picture = await writeChart('visit', barChart('A whole visit', comparison));
  return { scenario: 'visit', rounds, connections, ...comparison, generator, picture };
}
