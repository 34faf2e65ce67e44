import type { Scheduler } from '../signal/ports.ts';
import { type Classifier, ClassifierError, type ClassifierFault } from './classifier.ts';
import { ANSWER_WITHIN_MS, STALLED_AFTER_MS, START_WITHIN_MS } from './limits.ts';
import type { Pose } from './sampling.ts';
import type { Sight } from './scores.ts';
import type { FromWorker, ToWorker } from './worker/worker-messages.ts';

export interface WorkerHandle {
  postMessage(message: ToWorker, transfer?: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<FromWorker>) => void): void;
  addEventListener(type: 'error', listener: () => void): void;
  terminate(): void;
}

interface PendingSample {
  readonly resolve: (sight: Sight) => void;
  readonly reject: (error: ClassifierError) => void;
  readonly cancelTimeout: () => void;
}

/**
 * A classifier that runs in a worker. After `stalled` the caller may load it again; after any other
 * failure it must open another.
 */
export class WorkerClassifier implements Classifier {
  readonly #open: () => WorkerHandle;
  readonly #scheduler: Scheduler;
  readonly #waiting = new Map<number, PendingSample>();
  readonly #progress = new Set<(share: number) => void>();
  #ready = newDeferred();
  #worker: WorkerHandle | null = null;
  #cancelTimeout: (() => void) | null = null;
  #fault: ClassifierFault | null = null;
  #share = 0;
  #asked = 0;

  /** @param open starts the classifier's worker; throws if the browser forbids it */
  constructor(open: () => WorkerHandle, scheduler: Scheduler) {
    this.#open = open;
    this.#scheduler = scheduler;
  }

  load(progress: (share: number) => void): Promise<void> {
    this.#progress.add(progress);
    progress(this.#share);
    if (this.#fault === 'stalled') this.#continue();
    else if (this.#worker === null && this.#fault === null) this.#start();
    return this.#ready.promise;
  }

  classify(frame: ImageBitmap, pose: Pose): Promise<Sight> {
    if (this.#fault !== null || this.#worker === null) {
      frame.close();
      return Promise.reject(new ClassifierError(this.#fault ?? 'stopped'));
    }
    this.#asked += 1;
    const id = this.#asked;
    const { promise, resolve, reject } = Promise.withResolvers<Sight>();
    const cancelTimeout = this.#scheduler.after(ANSWER_WITHIN_MS, () => this.#fail('crashed'));
    this.#waiting.set(id, { resolve, reject, cancelTimeout });
    this.#worker.postMessage({ ask: 'classify', id, frame, pose }, [frame]);
    return promise;
  }

  close(): void {
    this.#fail('stopped');
  }

  #start(): void {
    try {
      this.#worker = this.#open();
    } catch (error) {
      this.#fail('unsupported', error);
      return;
    }
    this.#worker.addEventListener('message', ({ data }) => this.#receive(data));
    // The worker fires the event `error` if its script fails to load or throws.
    this.#worker.addEventListener('error', () =>
      this.#fail(this.#cancelTimeout === null ? 'crashed' : 'unreachable'),
    );
    this.#failAfter(START_WITHIN_MS, 'unreachable');
    this.#worker.postMessage({ ask: 'load' });
  }

  #continue(): void {
    this.#fault = null;
    this.#ready = newDeferred();
    this.#failAfter(STALLED_AFTER_MS, 'stalled');
    this.#worker?.postMessage({ ask: 'load' });
  }

  #failAfter(delayMs: number, fault: ClassifierFault): void {
    this.#stopTimeout();
    this.#cancelTimeout = this.#scheduler.after(delayMs, () => this.#fail(fault));
  }

  #receive(message: FromWorker): void {
    if (this.#fault !== null) return;
    switch (message.say) {
      case 'progress':
        this.#share = message.share;
        // Once all bytes are there, only the start of the network is missing.
        if (message.share < 1) this.#failAfter(STALLED_AFTER_MS, 'stalled');
        else this.#failAfter(START_WITHIN_MS, 'unreachable');
        for (const progress of this.#progress) progress(message.share);
        return;
      case 'ready':
        this.#stopTimeout();
        this.#ready.resolve();
        return;
      case 'failed':
        this.#fail(message.fault, message.cause);
        return;
      case 'seen':
        this.#take(message.id)?.resolve(message.sight);
        return;
      case 'broken':
        this.#fail('crashed', message.cause);
        return;
      default:
        message satisfies never;
    }
  }

  #take(id: number): PendingSample | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.cancelTimeout();
    return waiting;
  }

  #fail(fault: ClassifierFault, cause: unknown = null): void {
    // The owner may close a classifier whose download stalled.
    if (this.#fault !== null && !(this.#fault === 'stalled' && fault === 'stopped')) return;
    this.#fault = fault;
    this.#stopTimeout();
    if (fault !== 'stalled') {
      this.#worker?.terminate();
      this.#worker = null;
    }
    this.#progress.clear();
    const error = new ClassifierError(fault, { cause });
    this.#ready.reject(error);
    for (const { reject, cancelTimeout } of this.#waiting.values()) {
      cancelTimeout();
      reject(error);
    }
    this.#waiting.clear();
  }

  #stopTimeout(): void {
    this.#cancelTimeout?.();
    this.#cancelTimeout = null;
  }
}

function newDeferred(): PromiseWithResolvers<void> {
  const deferred = Promise.withResolvers<void>();
  // This handler prevents an unhandled rejection if the worker fails while no call is pending.
  deferred.promise.catch(() => {});
  return deferred;
}
