/**
 * Runs test files in the given order, which Node's own command line doesn't keep. `unitTestArgs`
 * describes the arguments.
 */
import { createWriteStream } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import countReporter from './count-reporter.mjs';

const [report = '', limitMs, ...files] = process.argv.slice(2);

const events = run({
  files,
  // Runs two more files at once than there are cores, because some files mostly wait.
  concurrency: availableParallelism() + 2,
  // Node applies this time limit to each test, not to each file.
  timeout: Number(limitMs),
  execArgv: [`--import=${join(import.meta.dirname, 'end-of-tests.mjs')}`],
});
events.on('test:fail', () => {
  process.exitCode = 1;
});
events.compose(countReporter).pipe(createWriteStream(report));
events.compose(spec).pipe(process.stdout);
