import { parseArgs } from 'node:util';
import { plant } from '@farandole/e2e/planting/plant';
import { MUTANTS } from './mutants/mutants.ts';
import type { Outcome, SimulationOptions } from './simulation.ts';

/**
 * A process that runs one world after the other, as it is told to over its channel, and goes when
 * that is closed. With `--mutant NAME` it runs them in a node with that bug.
 */
const { values } = parseArgs({ options: { mutant: { type: 'string' } } });
if (values.mutant !== undefined) plant(MUTANTS, values.mutant);
// After the bug is planted: what is imported before it stays whole.
const { simulate } = await import('./simulation.ts');

/** What a worker answers: an error does not travel as it is. */
export interface Answer {
  readonly outcome: Omit<Outcome, 'violation'>;
  readonly violated: { readonly invariant: string; readonly stack: string } | null;
}

process.on('message', (options: SimulationOptions) => {
  const { violation, ...outcome } = simulate(options);
  const violated =
    violation === null
      ? null
      : { invariant: violation.invariant, stack: violation.stack ?? violation.message };
  const answer: Answer = { outcome, violated };
  process.send?.(answer);
});
process.send?.('ready');
