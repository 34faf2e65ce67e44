import { createLog } from '../../src/observe/log.ts';

/**
 * `node log-lines.ts COUNT stay|end|exit|crash` logs lines to standard output at once. Then it
 * stays, ends when no work is left, exits, or exits after a fatal line.
 */
const [, , count, how] = process.argv;
const log = createLog('info');
for (let port = 0; port < Number(count); port += 1) log({ event: 'listening', port });
if (how === 'stay') setInterval(() => {}, 60_000);
if (how === 'exit') process.exit(0);
if (how === 'crash') {
  log({ event: 'crashed', error: 'Error', code: 'none', frames: [] });
  process.exit(1);
}
