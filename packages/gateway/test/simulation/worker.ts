import { parseArgs } from 'node:util';
import { plant } from '@farandole/e2e/planting/plant';
import { MUTANTS } from './mutants/mutants.ts';
import type { Outcome, SimulationOptions } from './simulation.ts';

/**
 * A process that runs the worlds it receives over its IPC channel, and ends when the channel
 * closes. With `--mutant NAME`, it first plants the bug of that name.
 */
const { values } = parseArgs({ options: { mutant: { type: 'string' } } });
if (values.mutant !== undefined) plant(MUTANTS, values.mutant);
// The import comes after the bug is planted, because planting doesn't change modules that are
// already loaded.
const { simulate } = await import('./simulation.ts');
const { simulateCluster } = await import('./cluster/simulate-cluster.ts');

/** What a worker process sends. An error is sent as text, because an error can't be serialized. */
export interface WorkerReply {
  readonly outcome: Omit<Outcome, 'violation'>;
  readonly violated: { readonly invariant: string; readonly stack: string } | null;
}

process.on('message', (options: SimulationOptions) => {
  const isCluster = (options.nodes ?? 1) > 1;
  const { violation, ...outcome } = isCluster ? simulateCluster(options) : simulate(options);
  const violated =
    violation === null
      ? null
      : { invariant: violation.invariant, stack: violation.stack ?? violation.message };
  const answer: WorkerReply = { outcome, violated };
  process.send?.(answer);
});
process.send?.('ready');
