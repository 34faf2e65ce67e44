import { proofWorkerUrl } from '../../shield/worker-urls.ts';
import { browserScheduler } from '../browser-signal.ts';
import { type ProverPorts, proveWith, sharing } from './prover.ts';
import { solve } from './solve.ts';

const PORTS: ProverPorts = {
  openWorker: () => new Worker(proofWorkerUrl(), { type: 'module', name: 'proof' }),
  solveHere: solve,
  scheduler: browserScheduler,
};

export const prove = sharing((needed, progress) => proveWith(PORTS, needed, progress));
