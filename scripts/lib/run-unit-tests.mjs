/**
 * Runs files of unit tests in the order in which they are given, which Node's own command line
 * does not keep. Its arguments are made by `unitTestArgs`.
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
  // More than there are cores: some files do little but wait for what takes its time.
  concurrency: availableParallelism() + 2,
  // Node ends a test by this, and never a file.
  timeout: Number(limitMs),
  execArgv: [`--import=${join(import.meta.dirname, 'end-of-tests.mjs')}`],
});
events.on('test:fail', () => {
  process.exitCode = 1;
});
events.compose(countReporter).pipe(createWriteStream(report));
events.compose(spec).pipe(process.stdout);
