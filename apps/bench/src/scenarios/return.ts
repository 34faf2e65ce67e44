import { barChart, writeChart } from '../chart.ts';
import {
  BARE_BUN,
  type ComparedName,
  comparedNames,
  kindOf,
  NO_PROOF,
  noSamples,
  runtimeSettings,
  samplesOf,
  startContender,
} from '../load/contender.ts';
import { type GeneratorLoad, generatorInWords, worstOf } from '../load/generator.ts';
import { LoadFleet } from '../load/load-fleet.ts';
import type { ContenderName } from '../load/load-order.ts';
import { cpuMicrosecondsOf } from '../load/process-figures.ts';
import type { BenchOptions } from '../options.ts';
import { compare, inLines } from '../result.ts';
import { evenAtLeastTwo, turnsOf } from './relay.ts';

const AT_MOST = 3;
/** Users who return in each round. `--connections 18000` measures a full node. */
const PEOPLE = 2_000;
const NAMES: readonly ContenderName[] = ['ours', 'bare-ws', ...BARE_BUN];

/**
 * Measures µs of CPU per user who comes back after a restart of the node: ticket over HTTP,
 * connection, and a hello that tries to resume a session that the new process doesn't know. The
 * floor's clients connect to a new process. Every round starts new processes, since a node that
 * has just started is what the users come back to.
 */
export async function returning({
  rounds,
  connections,
  server,
}: BenchOptions): Promise<Record<string, unknown>> {
  const count = evenAtLeastTwo(connections ?? PEOPLE);
  const roundsRun = rounds ?? 3;
  const samples = noSamples();
  const loads: GeneratorLoad[] = [];
  const spend = async (name: Exclude<ComparedName, 'peer'>): Promise<Spent> => {
    const kind = kindOf(name);
    return kind === 'ours'
      ? await comeBack(count, name === 'ours' ? runtimeSettings(server) : {})
      : await connect(kind, count);
  };
  for (let round = 0; round < roundsRun; round++) {
    for (const name of turnsOf(comparedNames(server, NAMES), round)) {
      const { spentUs, load } = await spend(name);
      samples[name].push(spentUs / count);
      loads.push(load);
    }
  }
  const comparison = compare('µs of CPU a user', samplesOf(samples, server, NAMES), {
    'bare-ws': AT_MOST,
  });
  const title = `return: ${count} users come back after a restart`;
  console.log(inLines(title, comparison).join('\n'));
  const generator = worstOf(loads);
  console.log(`    ${generatorInWords(generator)}`);
  const picture = await writeChart('return', barChart('Back after a restart', comparison));
  return {
    scenario: 'return',
    rounds: roundsRun,
    connections: count,
    ...comparison,
    generator,
    picture,
  };
}

interface Spent {
  readonly spentUs: number;
  readonly load: GeneratorLoad;
}

async function comeBack(count: number, settings: Readonly<Record<string, string>>): Promise<Spent> {
  const fleet = new LoadFleet();
  // The server asks proven users for no proof of work.
  const first = await startContender('ours', false, { ...NO_PROOF, ...settings });
  let running = first;
  try {
    await fleet.add('users', 'ours', first.port, count);
    await fleet.order('users', { do: 'open' });
    const again = await first.restart();
    running = again;
    const before = cpuMicrosecondsOf(again.pid);
    const { lost, generator: load } = await fleet.order('users', { do: 'come-back' });
    if (lost > 0) throw new Error(`${lost} of ${count} users didn't come back`);
    return { spentUs: cpuMicrosecondsOf(again.pid) - before, load };
  } finally {
    await fleet.stop();
    await running.stop();
  }
}

async function connect(name: ContenderName, count: number): Promise<Spent> {
  const fleet = new LoadFleet();
  const floor = await startContender(name);
  try {
    await fleet.add('users', name, floor.port, count);
    const before = cpuMicrosecondsOf(floor.pid);
    const { generator: load } = await fleet.order('users', { do: 'open' });
    return { spentUs: cpuMicrosecondsOf(floor.pid) - before, load };
  } finally {
    await fleet.stop();
    await floor.stop();
  }
}
