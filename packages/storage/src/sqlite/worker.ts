import { once } from 'node:events';
import { parentPort, receiveMessageOnPort, Worker, workerData } from 'node:worker_threads';
import { assertDefined } from '@farandole/kernel/assert';
import { asStoreError, StoreError } from '../store-error.ts';
import {
  type FromKeeper,
  type FromWorker,
  type ToKeeper,
  type ToWorker,
  toSentError,
  type WorkerReply,
  type WorkerStart,
} from './messages.ts';
import { SqliteHere } from './sqlite-here.ts';

/**
 * Code of the worker thread that owns the SQLite database, so that slow disk access blocks only
 * this thread. A second thread flushes what no command waits for.
 */

const port = assertDefined(parentPort, 'this is the code of a worker');
const { path, key, textKeys } = workerData as WorkerStart;
let isClosing = false;

try {
  // The keeper's thread loads its code while this thread opens the file.
  const keeper = new Worker(new URL('./keeper-thread.ts', import.meta.url), {
    workerData: { path },
  });
  const loaded = once(keeper, 'message');
  const store = await SqliteHere.open(path, key, textKeys, 'another thread');
  await loaded;
  keeper.on('message', (message: FromKeeper) => {
    if (message === 'copied') void store.copyLog();
  });
  keeper.on('exit', () => {
    if (!isClosing) throw new StoreError('thread-ended', 'The thread of the log has ended.');
  });
  keeper.postMessage('begin' satisfies ToKeeper);
  serve(store, keeper);
  tell({ from: 'ready' });
} catch (error) {
  tell({ from: 'unusable', error: toSentError(asStoreError(error)) });
}

function serve(store: SqliteHere, keeper: Worker): void {
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
    take(message);
    // Everything that waits shares the next transaction. Node would start the transaction between
    // two messages.
    for (;;) {
      const waiting = receiveMessageOnPort(port);
      if (waiting === undefined) return;
      take(waiting.message as ToWorker);
    }
  });
  function take(message: ToWorker): void {
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
  }
  async function close(): Promise<void> {
    isClosing = true;
    // The connection that is closed last removes SQLite's log.
    const ended = once(keeper, 'exit');
    keeper.postMessage('end' satisfies ToKeeper);
    await ended;
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
