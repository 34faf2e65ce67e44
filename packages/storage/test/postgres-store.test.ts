import assert from 'node:assert/strict';
import { after, describe, type TestContext, test } from 'node:test';
import type { TakenReport } from '@farandole/moderation/cases/take-report';
import pg from 'pg';
import { PostgresStore } from '../src/postgres/postgres-store.ts';
import { shortContracts } from './contracts.ts';
import { closedAfter } from './support/closing.ts';
import { Desk, reportFrom } from './support/desk.ts';
import { emptiedPostgres } from './support/emptied-postgres.ts';
import { KEY } from './support/keys.ts';
import { lending } from './support/lending.ts';
import { startPostgres } from './support/postgres.ts';

const postgres = await startPostgres();
after(() => postgres.stop());

// Runs only the short contract suites. `postgres.long.ts` runs the others.
describe('PostgreSQL passes the contract suites that run quickly', () => {
  const lent = lending(() => emptiedPostgres(postgres));
  // Closes the lent stores before the database server ends, because their connections would fail.
  after(lent.end);
  shortContracts('PostgreSQL', lent.open, async () =>
    PostgresStore.open(await postgres.createMigrated(), KEY),
  );
});

async function queryAt(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows;
  } finally {
    await client.end();
  }
}

async function connectedTo(t: TestContext, url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  t.after(() => client.end());
  return client;
}

test('[ST-3, ST-7] several nodes open one database and serialize their writes', async (t) => {
  const url = await postgres.createDatabase();
  const open = async () => closedAfter(t, await PostgresStore.open(url, KEY));
  const stores = await Promise.all([open(), open(), open()]);
  const taken: TakenReport[] = [];
  for (let n = 0; n < 20; n++) {
    const report = reportFrom(n, { by: `by-${n}`, evidence: 'contradicted' });
    taken.push(...(await Promise.all(stores.map((store) => store.run('report.take', report)))));
  }
  assert.equal(taken.filter(({ intake }) => intake === 'opened').length, 1);
  assert.equal(taken.filter(({ intake }) => intake === 'joined').length, 19);
  assert.equal(taken.filter(({ intake }) => intake === 'merged').length, 40);
  const [first] = stores;
  assert.ok(first !== undefined);
  assert.deepEqual(await first.run('audit.verify', null), { ok: true, rows: 20, head: 20 });
  await Promise.all(stores.map((store) => store.close()));
});

test('[ST-6] refuses a database with asynchronous commits', async () => {
  const url = await postgres.createDatabase();
  const name = new URL(url).pathname.slice(1);
  await queryAt(url, `alter database ${name} set synchronous_commit = off`);
  await assert.rejects(PostgresStore.open(url, KEY), { name: 'StoreError', code: 'not-durable' });
  assert.deepEqual(await queryAt(url, `select * from pg_tables where schemaname = 'public'`), []);
});

test('[ST-7] refuses a database of a later version', async () => {
  const url = await postgres.createMigrated();
  await queryAt(url, `insert into kysely_migration values ('9999-later', '2100-01-01')`);
  await assert.rejects(PostgresStore.open(url, KEY), { name: 'StoreError', code: 'schema-newer' });
});

test('[ST-8] refuses to open a missing database', async () => {
  const url = await postgres.createDatabase();
  for (const wrong of [`${url}_not_there`, 'postgres://postgres@127.0.0.1:1/none']) {
    await assert.rejects(PostgresStore.open(wrong, KEY), { name: 'StoreError', code: 'failed' });
  }
});

test('[ST-43] runs pending commands again after PostgreSQL ended their connection', async (t) => {
  const url = await postgres.createMigrated();
  const desk = new Desk(closedAfter(t, await PostgresStore.open(url, KEY)));
  await desk.report(1);
  const [holder, watcher] = [await connectedTo(t, url), await connectedTo(t, url)];
  // Holding the lock of the audit makes the next transaction wait at its start.
  await holder.query('begin');
  await holder.query('lock table audit_ends in exclusive mode');
  const asked = Promise.all([desk.report(2, { by: 'bob' }), desk.report(3, { by: 'cleo' })]);
  const end = `
    select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'relation'`;
  while ((await watcher.query(end)).rowCount === 0);
  await holder.query('rollback');
  assert.deepEqual(
    (await asked).map(({ intake }) => intake),
    ['joined', 'joined'],
  );
  assert.equal((await desk.audit()).length, 3);
});

test('[ST-1, ST-4] keeps acknowledged writes when PostgreSQL is killed, and fails others', async (t) => {
  const url = await postgres.createMigrated();
  const desk = new Desk(closedAfter(t, await PostgresStore.open(url, KEY)));
  await desk.report(1);
  await postgres.kill();
  await assert.rejects(desk.report(2, { by: 'bob' }), { code: 'failed' });
  await assert.rejects(desk.standing(), { code: 'failed' });
  await assert.rejects(desk.pair(1, 'ada', 'mallory'), { code: 'failed' });
  await postgres.start();
  assert.equal((await desk.report(2, { by: 'bob' })).intake, 'joined');
  await desk.pair(1, 'ada', 'mallory');
  assert.equal((await desk.audit()).length, 2);
});

test('[ST-10] stores no user text unencrypted', async (t) => {
  const url = await postgres.createMigrated();
  const desk = new Desk(closedAfter(t, await PostgresStore.open(url, KEY)));
  await desk.report(1, { note: 'canary-note', said: ['canary-line'] });
  await desk.store.close();
  const rows = await queryAt(
    url,
    `select query_to_xml('table ' || quote_ident(table_name), false, true, '') as x
       from information_schema.tables where table_schema = 'public'`,
  );
  const all = JSON.stringify(rows);
  assert.ok(all.includes('report-1'));
  assert.ok(!all.includes('canary'));
});
