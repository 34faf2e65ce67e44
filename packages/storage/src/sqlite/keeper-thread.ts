import { parentPort, workerData } from 'node:worker_threads';
import { assertDefined } from '@farandole/kernel/assert';
import { LOG_COPIED_EVERY_MS, NOTED_EVERY_MS } from '../limits.ts';
import { LogKeeper } from './log-keeper.ts';
import type { FromKeeper, ToKeeper } from './messages.ts';

/** Code of the thread that keeps the log of a server's SQLite database, see `LogKeeper`. */

const port = assertDefined(parentPort, 'this is the code of a worker');
const { path } = workerData as { readonly path: string };
let keeper: LogKeeper | null = null;
let timers: readonly NodeJS.Timeout[] = [];

port.on('message', (message: ToKeeper) => {
  if (message === 'begin') {
    const opened = new LogKeeper(path);
    keeper = opened;
    timers = [
      setInterval(() => tryTo(() => opened.note()), NOTED_EVERY_MS),
      setInterval(() => {
        if (tryTo(() => opened.copyLog()) === true) tell('copied');
      }, LOG_COPIED_EVERY_MS),
    ];
    return;
  }
  for (const timer of timers) clearInterval(timer);
  keeper?.close();
  port.close();
});
tell('loaded');

/** On a full or failing disk the old mark and the log stay valid, and the next call tries again. */
function tryTo<Result>(work: () => Result): Result | null {
  try {
    return work();
  } catch {
    return null;
  }
}

function tell(message: FromKeeper): void {
  port.postMessage(message);
}
