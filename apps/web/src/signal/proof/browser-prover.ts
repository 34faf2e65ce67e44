import { proofWorkerUrl } from '../../shield/worker-urls.ts';
import { browserScheduler } from '../browser-signal.ts';
import { Prover } from './prover.ts';

export const prover = new Prover({
  openWorker: () => new Worker(proofWorkerUrl(), { type: 'module', name: 'proof' }),
  // The worker has its own copy of the solver, so the page loads it only if the worker fails.
  solveHere: async (...asked) => await (await import('./solve.ts')).solve(...asked),
  scheduler: browserScheduler,
});
