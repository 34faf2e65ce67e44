import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  REPORT_ANSWERED_MS_MAX,
  SANCTIONS_READ_MS_MAX,
  stopInTransaction,
  stopWhileReading,
  type Try,
} from './nodes/stopped-nodes.ts';
import { startPostgres } from './support/postgres.ts';

const TRIES = 50;

const postgres = await startPostgres();
after(() => postgres.stop());

for (const [where, stop] of [
  ['in a transaction', stopInTransaction],
  ['in the middle of a result', stopWhileReading],
] as const) {
  test(`[ST-41] answers in ${TRIES} of ${TRIES} tries while a node is stopped ${where}`, async (t) => {
    const tries = await stop(postgres, TRIES);
    const slowest = (of: (one: Try) => number): number => Math.max(...tries.map(of));
    const sanctionsMs = slowest((one) => one.sanctionsMs);
    const reportMs = slowest((one) => one.reportMs);
    const taken = tries.filter(({ report }) => report === 'taken').length;
    t.diagnostic(JSON.stringify({ tries: tries.length, taken, sanctionsMs, reportMs }));
    assert.equal(tries.length, TRIES);
    assert.ok(sanctionsMs <= SANCTIONS_READ_MS_MAX, `${sanctionsMs} ms`);
    assert.ok(reportMs <= REPORT_ANSWERED_MS_MAX, `${reportMs} ms`);
  });
}
