import { parentPort, workerData } from 'node:worker_threads';
import { assertDefined } from '@farandole/kernel/assert';
import { asStoreError } from '../store-error.ts';
import type { FromWorker, SentError, ToWorker, WorkerReply, WorkerStart } from './messages.ts';
import { SqliteHere } from './sqlite-here.ts';

/** The worker that owns the database, so that blocking disk access delays only its callers. */

const port = assertDefined(parentPort, 'this is the code of a worker');
const { path, key, wordsKeys } = workerData as WorkerStart;

try {
  serve(await SqliteHere.open(path, key, wordsKeys));
  tell({ from: 'ready' });
} catch (error) {
  tell({ from: 'unusable', error: errorToSend(error) });
}

function serve(store: SqliteHere): void {
  let answers: WorkerReply[] = [];
  const answer = (one: WorkerReply): void => {
    // Answers of one commit share a message.
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
      // The sender's type matches the name.
      store.run(name, input as never).then(
        (outcome) => answer({ id, outcome }),
        (error: unknown) => answer({ id, error: errorToSend(error) }),
      );
    }
  });
  async function close(): Promise<void> {
    await store.close();
    // After the answers of this turn.
    queueMicrotask(() => {
      tell({ from: 'closed' });
      port.close();
    });
  }
}

function tell(message: FromWorker): void {
  port.postMessage(message);
}

function errorToSend(error: unknown): SentError {
  const { code, message } = asStoreError(error);
  return { code, message };
}
