import { parentPort, workerData } from 'node:worker_threads';
import { assertDefined } from '@farandole/kernel/assert';
import { asStoreError } from '../store-error.ts';
import {
  type FromWorker,
  type ToWorker,
  toSentError,
  type WorkerReply,
  type WorkerStart,
} from './messages.ts';
import { SqliteHere } from './sqlite-here.ts';

/**
 * Code of the worker thread that owns the SQLite database, so that slow disk access blocks only
 * this thread.
 */

const port = assertDefined(parentPort, 'this is the code of a worker');
const { path, key, textKeys } = workerData as WorkerStart;

try {
  serve(await SqliteHere.open(path, key, textKeys));
  tell({ from: 'ready' });
} catch (error) {
  tell({ from: 'unusable', error: toSentError(asStoreError(error)) });
}

function serve(store: SqliteHere): void {
  let answers: WorkerReply[] = [];
  const answer = (one: WorkerReply): void => {
    // The first answer of a commit schedules one message for all answers of that commit.
    if (answers.push(one) > 1) return;
    queueMicrotask(() => {
      const all = answers;
      answers = [];
      tell({ from: 'answers', answers: all });
    });
  };
  port.on('message', (message: ToWorker) => {
    if (message.to === 'close') {
      void close();
      return;
    }
    for (const { id, name, input } of message.commands) {
      // The cast is safe because the sender's types guarantee that the input matches the command.
      store.run(name, input as never).then(
        (outcome) => answer({ id, outcome }),
        (error: unknown) => answer({ id, error: toSentError(asStoreError(error)) }),
      );
    }
  });
  async function close(): Promise<void> {
    await store.close();
    // Waits for a microtask, so that all commands of this commit have added their answers.
    queueMicrotask(() => {
      tell({ from: 'closed' });
      port.close();
    });
  }
}

function tell(message: FromWorker): void {
  port.postMessage(message);
}
