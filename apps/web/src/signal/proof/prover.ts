import type { Proof, ProofNeededReply } from '@farandole/protocol/http-api';
import type { Prove, Scheduler } from '../ports.ts';
import { PROOF_SHOWN_AFTER_MS, PROOF_WORKER_SILENT_MS } from './limits.ts';
import type { FromProofWorker } from './proof-worker.ts';
import type { solve } from './solve.ts';

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

/** Solves the server's challenges, one at a time. */
export class Prover {
  readonly #ports: ProverPorts;
  /** A worker that was started before its challenge. */
  #ready: ProofWorkerHandle | null = null;
  #pending: Promise<Proof | null> | null = null;
  #progress: (share: number) => void = () => {};

  constructor(ports: ProverPorts) {
    this.#ports = ports;
  }

  /** Starts the worker for the next challenge. Ignores a failure, because `prove` tries again. */
  prepare(): void {
    if (this.#ready !== null || this.#pending !== null) return;
    try {
      const worker = this.#ports.openWorker();
      this.#ready = worker;
      worker.addEventListener('error', () => {
        if (this.#ready === worker) this.dismiss();
      });
    } catch {}
  }

  /** Ends the prepared worker. */
  dismiss(): void {
    this.#ready?.terminate();
    this.#ready = null;
  }

  /**
   * Solves a challenge in a worker or, if the worker fails, in the page's own thread. While a proof
   * is pending, returns that one: a connection attempt that replaces another one uses its proof.
   * @param progress called with the completed part, from 0 to 1, once `PROOF_SHOWN_AFTER_MS` passed
   * @returns the proof; null if this browser can't solve the challenge
   */
  prove: Prove = (needed, progress) => {
    this.#progress = progress;
    this.#pending ??= this.#solve(needed).finally(() => {
      this.#pending = null;
    });
    return this.#pending;
  };

  async #solve(needed: ProofNeededReply): Promise<Proof | null> {
    const { openWorker, solveHere, scheduler } = this.#ports;
    let share = 0;
    let isShown = false;
    const cancelShown = scheduler.after(PROOF_SHOWN_AFTER_MS, () => {
      isShown = true;
      this.#progress(share);
    });
    const advance = (next: number): void => {
      share = next;
      if (isShown) this.#progress(share);
    };
    try {
      const worker = this.#ready ?? openWorker();
      this.#ready = null;
      return await solveInWorker(worker, scheduler, needed, advance);
    } catch {
      return await solveHere(needed, advance).catch(() => null);
    } finally {
      cancelShown();
    }
  }
}

function solveInWorker(
  worker: ProofWorkerHandle,
  scheduler: Scheduler,
  needed: ProofNeededReply,
  advance: (share: number) => void,
): Promise<Proof> {
  const { promise, resolve, reject } = Promise.withResolvers<Proof>();
  let cancelTimeout = (): void => {};
  const fail = (why: string): void => reject(new Error(why));
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
