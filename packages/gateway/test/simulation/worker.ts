import { parseArgs } from 'node:util';
import { plant } from '@farandole/e2e/planting/plant';
import { MUTANTS } from './mutants/mutants.ts';
import type { Outcome, SimulationOptions } from './simulation.ts';

/**
 * A process that runs the worlds it receives over its channel, and ends when that closes. With
 * `--mutant NAME` it plants that bug first.
 */
const { values } = parseArgs({ options: { mutant: { type: 'string' } } });
if (values.mutant !== undefined) plant(MUTANTS, values.mutant);
// After the bug is planted: earlier imports are not changed by it.
const { simulate } = await import('./simulation.ts');

/** What a worker sends; an error is not serialisable as it is. */
export interface WorkerReply {
  readonly outcome: Omit<Outcome, 'violation'>;
  readonly violated: { readonly invariant: string; readonly stack: string } | null;
}

process.on('message', (options: SimulationOptions) => {
  const { violation, ...outcome } = simulate(options);
  const violated =
    violation === null
      ? null
      : { invariant: violation.invariant, stack: violation.stack ?? violation.message };
  const answer: WorkerReply = { outcome, violated };
  process.send?.(answer);
});
process.send?.('ready');
