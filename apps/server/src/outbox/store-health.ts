import { StoreError } from '@farandole/storage/store-error';
import type { Log, StoreTask } from '../observe/log.ts';
import { codeOf } from '../start-error.ts';

/** Whether the store does what it is asked, said when that changes and not each time. */
export class StoreHealth {
  readonly #log: Log;
  readonly #failing = new Map<StoreTask, string>();

  constructor(log: Log) {
    this.#log = log;
  }

  get isFailing(): boolean {
    return this.#failing.size > 0;
  }

  failed(task: StoreTask, error: unknown): void {
    const code = reasonOf(error);
    // What was under way when the node stopped is asked again when it starts.
    if (code === 'closed' || this.#failing.get(task) === code) return;
    this.#failing.set(task, code);
    this.#log({ event: 'store-failed', reason: task, code });
  }

  worked(task: StoreTask): void {
    if (this.#failing.delete(task)) this.#log({ event: 'store-works', reason: task });
  }
}

/** The code of what is behind it, such as ECONNREFUSED; an operator needs that more than ours. */
function reasonOf(error: unknown): string {
  const isOurs = error instanceof StoreError && error.code === 'failed';
  return (isOurs ? codeOf(error.cause) : null) ?? codeOf(error) ?? 'unknown';
}
