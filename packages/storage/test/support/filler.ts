/** Sends reports to a store and prints the result of each, or the code of its failure. Stops after a hundred failures. */
import { SqliteStore } from '../../src/sqlite/sqlite-store.ts';
import { causeCodeOf } from '../../src/store-error.ts';
import { reportFrom } from './desk.ts';
import { KEY } from './keys.ts';

const store = await SqliteStore.open(process.argv[2] ?? '', KEY);
let failed = 0;
for (let n = 0; failed < 100; n++) {
  const input = reportFrom(n, { by: `by-${n}`, note: 'a note of some length '.repeat(20) });
  try {
    await store.run('report.take', input);
    process.stdout.write(`kept report-${n}\n`);
  } catch (error) {
    failed += 1;
    process.stdout.write(`failed ${causeCodeOf((error as Error).cause)}\n`);
  }
}
await store.close().catch(() => {});
