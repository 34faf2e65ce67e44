/**
 * Runs tests that take minutes. `node scripts/long-tests.mjs NAME` runs each `*.long.ts` file
 * whose path contains the name. The last line of the output is JSON.
 */
import { once } from 'node:events';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { listFiles } from './lib/files.mjs';
import { root } from './setup.mjs';

const [name = ''] = process.argv.slice(2);
const files = listFiles().filter((file) => file.endsWith('.long.ts') && file.includes(name));
const events = run({ files: files.map((file) => join(root, file)), concurrency: true });
/** @type {Record<string, number>} */
let counts = {};
events.on('test:summary', (summary) => {
  // Skips the summary of a single file, which names the file. The summary of the whole run names
  // none.
  if (summary.file === undefined) counts = { ...summary.counts };
});
const words = events.compose(spec);
words.pipe(process.stdout, { end: false });
await once(words, 'end');
process.exitCode = counts.failed === 0 && (counts.passed ?? 0) > 0 ? 0 : 1;
console.log(JSON.stringify(counts));
