/**
 * Writes reports to a PostgreSQL store as fast as possible until the process is killed. Prints the
 * id of each acknowledged report.
 */
import { writeSync } from 'node:fs';
import type { ReportInput } from '@farandole/moderation/cases/take-report';
import { PostgresStore } from '../../src/postgres/postgres-store.ts';
import { reportFrom } from '../support/desk.ts';
import { KEY } from '../support/keys.ts';

const AT_ONCE = 8;

const [url = ''] = process.argv.slice(2);
const store = await PostgresStore.open(url, KEY);
let next = 1_000_000;
await Promise.all(Array.from({ length: AT_ONCE }, write));

async function write(): Promise<never> {
  for (;;) {
    const n = next++;
    const report = reportFrom(n, { by: `by-${n}`, of: `of-${n}` });
    // A page repeats a report that isn't stored. The store fails a report if the node is stopped
    // several times while it writes the report.
    while (!(await isTaken(report)));
    writeSync(1, `report-${n}\n`);
  }
}

async function isTaken(report: ReportInput): Promise<boolean> {
  return await store.run('report.take', report).then(
    () => true,
    () => false,
  );
}
