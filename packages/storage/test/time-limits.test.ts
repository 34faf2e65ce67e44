import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { liftTimeLimits, openAsIs } from '../src/backup/store-location.ts';
import { startPostgres } from './support/postgres.ts';

test('[ST-30c] lifts PostgreSQL’s time limits in the transaction of a dump only', async (t) => {
  const postgres = await startPostgres();
  t.after(() => postgres.stop());
  const db = await openAsIs({ kind: 'postgres', url: await postgres.createDatabase() });
  const limits = async (of: typeof db): Promise<readonly string[]> => {
    const { rows } = await sql<{ readonly statement: string; readonly idle: string }>`
      select current_setting('statement_timeout') as statement,
        current_setting('idle_in_transaction_session_timeout') as idle
    `.execute(of);
    return rows.flatMap(({ statement, idle }) => [statement, idle]);
  };
  const usual = await limits(db);
  assert.ok(!usual.includes('0'));
  await db.transaction().execute(async (transaction) => {
    await liftTimeLimits(transaction, { kind: 'postgres' });
    assert.deepEqual(await limits(transaction), ['0', '0']);
  });
  assert.deepEqual(await limits(db), usual);
  await db.destroy();
});
