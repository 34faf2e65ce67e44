import { parentPort, workerData } from 'node:worker_threads';
import { assertDefined } from '@farandole/kernel/assert';
import { asStoreError } from '../store-error.ts';
import type { Answer, FromWorker, ToldError, ToWorker, WorkerStart } from './messages.ts';
import { SqliteHere } from './sqlite-here.ts';

/**
 * The thread that has the database to itself. SQLite works, and waits for the disk, where it is
 * called; here nobody else waits with it.
 */

const port = assertDefined(parentPort, 'this is the code of a worker');
const { path, key, wordsKeys } = workerData as WorkerStart;

try {
  serve(await SqliteHere.open(path, key, wordsKeys));
  tell({ from: 'ready' });
} catch (error) {
  tell({ from: 'unusable', error: toldError(error) });
}

function serve(store: SqliteHere): void {
  let answers: Answer[] = [];
  const answer = (one: Answer): void => {
    // Those of one commit come in one turn, and go out together.
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
      // Whoever sent it gave the input that its name asks for.
      store.run(name, input as never).then(
        (outcome) => answer({ id, outcome }),
        (error: unknown) => answer({ id, error: toldError(error) }),
      );
    }
  });
  async function close(): Promise<void> {
    await store.close();
    // After the answers that are still to go out in this turn.
    queueMicrotask(() => {
      tell({ from: 'closed' });
      port.close();
    });
  }
}

function tell(message: FromWorker): void {
  port.postMessage(message);
}

function toldError(error: unknown): ToldError {
  const { code, message } = asStoreError(error);
  return { code, message };
}
