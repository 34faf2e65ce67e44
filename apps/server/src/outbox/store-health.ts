import { StoreError } from '@farandole/storage/store-error';
import type { Log, StoreTask } from '../observe/log.ts';
import { codeOf } from '../start-error.ts';

export class StoreHealth {
  readonly #log: Log;
  readonly #failing = new Map<StoreTask, string>();

  constructor(log: Log) {
    this.#log = log;
  }

  get isFailing(): boolean {
    return this.#failing.size > 0;
  }

  /** Whether the node reaches the store, as the latest read of the sanctions showed. */
  get isReached(): boolean {
    return !this.#failing.has('standing');
  }

  failed(task: StoreTask, error: unknown): void {
    const code = reasonOf(error);
    // The shutdown interrupted the task, so nothing is logged. The task runs again after the next
    // start.
    if (code === 'closed' || this.#failing.get(task) === code) return;
    this.#failing.set(task, code);
    this.#log({ event: 'store-failed', reason: task, code });
  }

  worked(task: StoreTask): void {
    if (this.#failing.delete(task)) this.#log({ event: 'store-works', reason: task });
  }
}

/**
 * Returns the system's error code, such as ECONNREFUSED, because it helps an operator more than the
 * store's own code.
 */
function reasonOf(error: unknown): string {
  const isOurs = error instanceof StoreError && error.code === 'failed';
  return (isOurs ? codeOf(error.cause) : null) ?? codeOf(error) ?? 'unknown';
}
