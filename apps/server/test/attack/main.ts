/**
 * The attacks that take minutes (`sieges.long.ts`), as a shard of the long tier: prints what a person
 * reads, and last the counts as JSON. Ends with 1 when one was not withstood.
 */
import { once } from 'node:events';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const sieges = run({ files: [join(import.meta.dirname, 'sieges.long.ts')] });
let counts: Readonly<Record<string, number>> = {};
sieges.on('test:summary', (summary) => {
  // The summary of one file names it; that of the run does not.
  if (summary.file === undefined) counts = { ...summary.counts };
});
const words = sieges.compose<NodeJS.ReadWriteStream>(spec);
words.pipe(process.stdout, { end: false });
await once(words, 'end');
process.exitCode = counts['failed'] === 0 && counts['passed'] !== 0 ? 0 : 1;
console.log(JSON.stringify(counts));
