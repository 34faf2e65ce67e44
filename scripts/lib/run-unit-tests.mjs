/**
 * Runs test files in the given order, which Node's CLI doesn't keep. Arguments: see `unitTestArgs`.
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
  // More files than cores at once, because some mostly wait.
  concurrency: availableParallelism() + 2,
  // Applies to a test, never to a file.
  timeout: Number(limitMs),
  execArgv: [`--import=${join(import.meta.dirname, 'end-of-tests.mjs')}`],
});
events.on('test:fail', () => {
  process.exitCode = 1;
});
events.compose(countReporter).pipe(createWriteStream(report));
events.compose(spec).pipe(process.stdout);
