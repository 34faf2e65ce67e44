import { parentPort, workerData } from 'node:worker_threads';
import { assertDefined } from '@farandole/kernel/assert';
import { KEPT_EVERY_MS } from '../limits.ts';
import { LogKeeper } from './log-keeper.ts';
import type { FromKeeper, ToKeeper } from './messages.ts';

/** Code of the thread that keeps the log of a server's SQLite database, see `LogKeeper`. */

const port = assertDefined(parentPort, 'this is the code of a worker');
const { path } = workerData as { readonly path: string };
let keeper: LogKeeper | null = null;
let timer: NodeJS.Timeout | null = null;

port.on('message', (message: ToKeeper) => {
  if (message === 'begin') {
    keeper = new LogKeeper(path);
    timer = setInterval(keep, KEPT_EVERY_MS);
    return;
  }
  if (timer !== null) clearInterval(timer);
  keeper?.close();
  port.close();
});
port.postMessage('loaded' satisfies FromKeeper);

function keep(): void {
  try {
    keeper?.keep();
  } catch {
    // On a full or failing disk the old mark stays true, and the next call tries again.
  }
}
