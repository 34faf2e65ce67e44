import { LOG_WRITTEN_WITHIN_MS } from '../../src/limits.ts';
import { createLog } from '../../src/observe/log.ts';

/**
 * `node log-lines.ts COUNT stay|end|exit|exit-late|crash` logs lines to standard output at once.
 * Then it stays, ends when no work is left, exits, exits while the lines are written, or exits after
 * a fatal line.
 */
const [, , count, how] = process.argv;
const log = createLog('info');
for (let port = 0; port < Number(count); port += 1) log({ event: 'listening', port });
if (how === 'stay') setInterval(() => {}, 60_000);
if (how === 'exit') process.exit(0);
// The timer of the log began earlier, so it has run in the same turn of the event loop.
if (how === 'exit-late') setTimeout(() => process.exit(0), LOG_WRITTEN_WITHIN_MS);
if (how === 'crash') {
  log({ event: 'crashed', error: 'Error', code: 'none', frames: [] });
  process.exit(1);
}
