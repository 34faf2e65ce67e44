import { proofWorkerUrl } from '../../shield/worker-urls.ts';
import { browserScheduler } from '../browser-signal.ts';
import type { Prove } from '../ports.ts';
import { proveWith } from './prover.ts';
import { solve } from './solve.ts';

export const prove: Prove = (needed, progress) =>
  proveWith(
    {
      openWorker: () => new Worker(proofWorkerUrl(), { type: 'module', name: 'proof' }),
      solveHere: solve,
      scheduler: browserScheduler,
    },
    needed,
    progress,
  );
