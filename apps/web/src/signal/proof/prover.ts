import type { Proof, ProofNeededReply } from '@farandole/protocol/http-api';
import type { Prove, Scheduler } from '../ports.ts';
import { PROOF_SHOWN_AFTER_MS, PROOF_WORKER_SILENT_MS } from './limits.ts';
import type { FromProofWorker } from './proof-worker.ts';
import { ProofError, type solve } from './solve.ts';

export interface ProofWorkerHandle {
  postMessage(needed: ProofNeededReply): void;
  addEventListener(
    type: 'message',
    listener: (event: { readonly data: FromProofWorker }) => void,
  ): void;
  addEventListener(type: 'error', listener: () => void): void;
  terminate(): void;
}

export interface ProverPorts {
  /** Starts the worker. Throws if the browser forbids it. */
  readonly openWorker: () => ProofWorkerHandle;
  /** Solves a challenge without a worker. */
  readonly solveHere: typeof solve;
  readonly scheduler: Scheduler;
}

/**
 * Solves a challenge in a worker or, if the worker fails, in the page's own thread.
 * @param progress called with the completed part, from 0 to 1, once `PROOF_SHOWN_AFTER_MS` passed
 * @returns the proof; null if this browser can't solve the challenge
 */
export async function proveWith(
  { openWorker, solveHere, scheduler }: ProverPorts,
  needed: ProofNeededReply,
  progress: (share: number) => void,
): Promise<Proof | null> {
  let share = 0;
  let isShown = false;
  const cancelShown = scheduler.after(PROOF_SHOWN_AFTER_MS, () => {
    isShown = true;
    progress(share);
  });
  const advance = (next: number): void => {
    share = next;
    if (isShown) progress(share);
  };
  try {
    return await solveInWorker(openWorker(), scheduler, needed, advance);
  } catch {
    return await solveHere(needed, advance).catch(() => null);
  } finally {
    cancelShown();
  }
}

/**
 * Returns a function that calls `prove` only if no proof is pending, and otherwise returns the
 * pending proof. A connection attempt that replaces another one can so use the other's proof.
 */
export function sharing(prove: Prove): Prove {
  let pending: Promise<Proof | null> | null = null;
  let newest: (share: number) => void = () => {};
  return (needed, progress) => {
    newest = progress;
    pending ??= prove(needed, (share) => newest(share)).finally(() => {
      pending = null;
    });
    return pending;
  };
}

function solveInWorker(
  worker: ProofWorkerHandle,
  scheduler: Scheduler,
  needed: ProofNeededReply,
  advance: (share: number) => void,
): Promise<Proof> {
  const { promise, resolve, reject } = Promise.withResolvers<Proof>();
  let cancelTimeout = (): void => {};
  const fail = (why: string): void => reject(new ProofError(why));
  const wait = (): void => {
    cancelTimeout();
    cancelTimeout = scheduler.after(PROOF_WORKER_SILENT_MS, () => fail('the worker is silent'));
  };
  worker.addEventListener('error', () => fail('the worker did not start'));
  worker.addEventListener('message', ({ data }) => {
    wait();
    if ('share' in data) advance(data.share);
    else if ('proof' in data) resolve(data.proof);
    else fail('the worker failed');
  });
  wait();
  worker.postMessage(needed);
  return promise.finally(() => {
    cancelTimeout();
    worker.terminate();
  });
}
