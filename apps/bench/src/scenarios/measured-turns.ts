import { type Compared, noSamples, samplesOf, withCompared } from '../load/contender.ts';
import { type GeneratorLoad, type GeneratorReport, worstOf } from '../load/generator.ts';
import type { LoadFleet } from '../load/load-fleet.ts';
import type { ContenderName } from '../load/load-order.ts';
import type { BenchOptions } from '../options.ts';
import { type Comparison, compare } from '../result.ts';
import { evenAtLeastTwo, turnsOf } from './relay.ts';

/** The first rounds aren't representative, because V8 compiles on other threads. */
const WARM_UP_ROUNDS = 3;

export interface TurnsSetup {
  readonly names: readonly ContenderName[];
  /** Number of clients, and of rounds, if the command line gives none. */
  readonly people: number;
  readonly rounds: number;
  readonly unit: string;
  /** Bound of the ratio to `bare-ws`. */
  readonly atMost: number;
  /** Settings of the server. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface MeasuredTurn {
  readonly figure: number;
  readonly load: GeneratorLoad;
}

export interface MeasuredTurns {
  readonly rounds: number;
  readonly connections: number;
  readonly comparison: Comparison;
  readonly generator: GeneratorReport;
}

/** Measures the servers in turns, and compares ours with the others. */
export async function measureInTurns(
  { rounds, connections, server }: BenchOptions,
  setup: TurnsSetup,
  measure: (fleet: LoadFleet, server: Compared, count: number) => Promise<MeasuredTurn>,
): Promise<MeasuredTurns> {
  const count = evenAtLeastTwo(connections ?? setup.people);
  const roundsRun = rounds ?? setup.rounds;
  const samples = noSamples();
  const loads: GeneratorLoad[] = [];
  await withCompared(
    server,
    async (fleet, contenders) => {
      for (let round = -WARM_UP_ROUNDS; round < roundsRun; round++) {
        for (const contender of turnsOf(contenders, round)) {
          const { figure, load } = await measure(fleet, contender, count);
          if (round < 0) continue;
          samples[contender.name].push(figure);
          loads.push(load);
        }
      }
    },
    setup.names,
    setup.settings,
  );
  const all = samplesOf(samples, server, setup.names);
  const comparison = compare(setup.unit, all, { 'bare-ws': setup.atMost });
  return { rounds: roundsRun, connections: count, comparison, generator: worstOf(loads) };
}
