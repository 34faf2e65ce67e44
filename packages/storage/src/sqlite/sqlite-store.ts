import { Worker } from 'node:worker_threads';
import type { CommandName, InputOf, OutcomeOf } from '@farandole/moderation/service/commands';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { PENDING_MAX } from '../limits.ts';
import { StoreError } from '../store-error.ts';
import type { TextKey } from '../text-encryption.ts';
import {
  type FromWorker,
  fromSentError,
  type ToWorker,
  type WorkerRequest,
  type WorkerStart,
} from './messages.ts';

interface PendingRequest {
  readonly resolve: (outcome: unknown) => void;
  readonly reject: (error: StoreError) => void;
}

/**
 * A SQLite store in a worker thread. Other processes, such as the command line, may open the
 * same file, because SQLite serializes the transactions.
 *
 * An unexpected end of the thread raises an uncaught `StoreError` with the code `thread-ended`.
 */
export class SqliteStore implements ModerationStore {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PendingRequest>();
  readonly #gone = Promise.withResolvers<void>();
  #asked: WorkerRequest[] = [];
  #nextId = 0;
  #isReady = false;
  #isClosed = false;

  private constructor(worker: Worker) {
    this.#worker = worker;
  }

  /**
   * See `SqliteHere.open`.
   * @throws StoreError
   */
  static async open(
    path: string,
    key: Uint8Array,
    textKeys: readonly TextKey[] = [],
  ): Promise<SqliteStore> {
    const start: WorkerStart = { path, key, textKeys };
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: start });
    const store = new SqliteStore(worker);
    const ready = Promise.withResolvers<void>();
    worker.on('message', (message: FromWorker) => {
      switch (message.from) {
        case 'ready':
          ready.resolve();
          break;
        case 'unusable':
          ready.reject(fromSentError(message.error));
          break;
        case 'answers':
          for (const answer of message.answers) {
            const waiting = store.#waiting.get(answer.id);
            store.#waiting.delete(answer.id);
            if ('error' in answer) waiting?.reject(fromSentError(answer.error));
            else waiting?.resolve(answer.outcome);
          }
          break;
        case 'closed':
          break;
      }
    });
    let cause: unknown = null;
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', (code) => {
      cause ??= Object.assign(new Error('The thread exited.'), { code: `exit-${code}` });
      const error = new StoreError('thread-ended', 'The thread of the store has ended.', { cause });
      const isExpected = store.#isClosed || !store.#isReady;
      // Nothing can be stored any more, so the process ends and its supervisor starts a new one.
      if (!isExpected) queueMicrotask(() => raise(error));
      ready.reject(error);
      store.#fail(error);
      store.#gone.resolve();
    });
    try {
      await ready.promise;
      store.#isReady = true;
    } catch (error) {
      await worker.terminate();
      throw error;
    }
    return store;
  }

  run<Name extends CommandName>(name: Name, input: InputOf<Name>): Promise<OutcomeOf<Name>> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) {
        reject(new StoreError('closed', 'The store is closed.'));
        return;
      }
      if (this.#waiting.size >= PENDING_MAX) {
        reject(new StoreError('too-many', 'Too many writes are pending.'));
        return;
      }
      const id = this.#nextId++;
      // The cast is needed because the worker's messages can't express that each command has its
      // own outcome type.
      const answer = (outcome: unknown): void => resolve(outcome as OutcomeOf<Name>);
      this.#waiting.set(id, { resolve: answer, reject });
      if (this.#asked.push({ id, name, input }) === 1) queueMicrotask(() => this.#tellAsked());
    });
  }

  async close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#tellAsked();
      this.#tell({ to: 'close' });
    }
    await this.#gone.promise;
  }

  #tellAsked(): void {
    const commands = this.#asked;
    this.#asked = [];
    if (commands.length > 0) this.#tell({ to: 'run', commands });
  }

  #tell(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #fail(error: StoreError): void {
    this.#isClosed = true;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

function raise(error: StoreError): never {
  throw error;
}
