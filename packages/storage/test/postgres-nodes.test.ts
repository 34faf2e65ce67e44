import assert from 'node:assert/strict';
import { after, type TestContext, test } from 'node:test';
import type { TriedName } from '@farandole/accounts/ids';
import { brandId } from '@farandole/kernel/id';
import { sql } from 'kysely';
import pg from 'pg';
import { BEGIN_ANSWERED_MS } from '../src/limits.ts';
import { connectNode, type NodeConnections } from '../src/postgres/postgres-database.ts';
import { PostgresStore } from '../src/postgres/postgres-store.ts';
import { beginLedger, beginRead } from '../src/postgres/postgres-transactions.ts';
import { storeSeals } from '../src/store-seals.ts';
import {
  REPORT_ANSWERED_MS_MAX,
  SANCTIONS_READ_MS_MAX,
  stopInTransaction,
  stopWhileReading,
  type Try,
} from './nodes/stopped-nodes.ts';
import { closedAfter } from './support/closing.ts';
import { startCuttingProxy } from './support/cutting-proxy.ts';
import { DAY_MS, Desk, reportFrom, START_MS, subject } from './support/desk.ts';
import { KEY } from './support/keys.ts';
import { startPostgres } from './support/postgres.ts';

const TRIES = 2;

const postgres = await startPostgres();
after(() => postgres.stop());

function assertInTime(tries: readonly Try[]): void {
  for (const one of tries) {
    const { sanctionsMs, reportMs } = one;
    const inTime = sanctionsMs <= SANCTIONS_READ_MS_MAX && reportMs <= REPORT_ANSWERED_MS_MAX;
    assert.ok(inTime, JSON.stringify(one));
  }
  assert.equal(tries.length, TRIES);
}

test('[ST-41] answers while another node is stopped in a transaction', async () => {
  assertInTime(await stopInTransaction(postgres, TRIES));
});

test('[ST-41] answers while another node is stopped in the middle of a result', async () => {
  assertInTime(await stopWhileReading(postgres, TRIES));
});

test('[ST-3a] runs reads and ledger writes while another node has the audit', async (t) => {
  const url = await postgres.createMigrated();
  const store = closedAfter(t, await PostgresStore.open(url, KEY));
  const connect = async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    t.after(() => client.end());
    return client;
  };
  const [other, watcher] = [await connect(), await connect()];
  await other.query('begin');
  await other.query('lock table audit_ends in exclusive mode');
  await new Desk(store).pair(1, 'ada', 'mallory');
  await store.run('calls.count', { calls: 1, nowMs: START_MS });
  await store.run('standing.read', { nowMs: START_MS, unless: null });
  assert.equal((await store.run('audit.verify', null)).ok, true);
  const report = store.run('report.take', reportFrom(1));
  const waits = `select 1 from pg_stat_activity where wait_event = 'relation'`;
  while ((await watcher.query(waits)).rowCount === 0);
  await other.query('rollback');
  assert.equal((await report).intake, 'opened');
});

test('[ST-3b] loses no change when several nodes change one record', async (t) => {
  const url = await postgres.createMigrated();
  const open = async () => closedAfter(t, await PostgresStore.open(url, KEY));
  const stores = [await open(), await open(), await open()];
  const asked = stores.flatMap((store, node) =>
    Array.from({ length: 20 }, async (_, n) => {
      await store.run('calls.count', { calls: 1, nowMs: START_MS });
      await store.run('sessions.clean', { subjects: [subject('mallory')], nowMs: START_MS });
      if (n % 4 === 0) {
        const report = reportFrom(100 * node + n, { by: `by-${node}-${n}` });
        await store.run('report.take', report);
      }
    }),
  );
  await Promise.all(asked);
  const [first] = stores;
  assert.ok(first !== undefined);
  assert.equal(await first.run('calls.count', { calls: 0, nowMs: START_MS }), 60);
  const [mallory] = await first.run('trust.read', { subjects: [subject('mallory')] });
  // Each of the 15 reports counts a session too.
  assert.equal(mallory?.trust.sessions, 75);
  assert.deepEqual(await first.run('audit.verify', null), { ok: true, rows: 15, head: 15 });
});

/** Lets transactions be idle. A busy machine may pause a test for longer than a node allows. */
async function neverIdle(db: NodeConnections['reads']): Promise<void> {
  await sql`set idle_in_transaction_session_timeout = 0`.execute(db);
}

test('[ST-3b] a ledger write brings back no record that another node deleted', async (t) => {
  const url = await postgres.createMigrated();
  const store = closedAfter(t, await PostgresStore.open(url, KEY));
  const connections = await connectNode(url);
  t.after(connections.close);
  await neverIdle(connections.ledger);
  const mallory = subject('mallory');
  const clean = { subjects: [mallory], nowMs: START_MS };
  await store.run('sessions.clean', clean);
  const late = await beginLedger(connections, storeSeals(KEY));
  assert.ok((await late.records.people.get(subject('ada'))) === null);
  await store.run('subject.erase', { subject: mallory, nowMs: START_MS });
  await assert.rejects(late.records.people.get(mallory), { code: '40001' });
  await late.rollback();
  await store.run('sessions.clean', clean);
  const early = await beginLedger(connections, storeSeals(KEY));
  const person = await early.records.people.get(mallory);
  assert.ok(person !== null);
  const erased = store.run('subject.erase', { subject: mallory, nowMs: START_MS });
  await early.records.people.put(person);
  await early.commit();
  assert.equal((await erased).person, true);
  assert.deepEqual(await store.run('trust.read', { subjects: [mallory] }), []);
});

test('[ST-41a] limits locks, statements and pauses on each connection', async (t) => {
  const url = await postgres.createMigrated();
  const { reads, ledger, audit, close } = await connectNode(url);
  t.after(close);
  const settings = sql<{ readonly name: string; readonly setting: string }>`
    select name, setting from pg_settings where name in ('lock_timeout', 'statement_timeout',
      'idle_in_transaction_session_timeout', 'idle_session_timeout')
  `;
  const of = async (db: typeof reads) => {
    const { rows } = await settings.execute(db);
    return Object.fromEntries(rows.map(({ name, setting }) => [name, Number(setting)]));
  };
  const pause = { idle_in_transaction_session_timeout: 2_000 };
  const write = { ...pause, lock_timeout: 5_000, statement_timeout: 10_000 };
  assert.deepEqual(await of(reads), {
    ...{ ...pause, idle_session_timeout: 0, lock_timeout: 0, statement_timeout: 30_000 },
  });
  assert.deepEqual(await of(ledger), { ...write, idle_session_timeout: 0 });
  assert.deepEqual(await of(audit), { ...write, idle_session_timeout: 180_000 });
});

test('[ST-3c] PostgreSQL refuses the writes of a read', async (t) => {
  const url = await postgres.createMigrated();
  const connections = await connectNode(url);
  t.after(connections.close);
  await neverIdle(connections.reads);
  const { records, rollback } = await beginRead(connections, storeSeals(KEY));
  const tally = { id: 'calls', atMs: START_MS, count: 1 };
  await assert.rejects(records.tallies.put(tally), { code: '25006' });
  await rollback();
});

async function behindProxy(t: TestContext) {
  const url = await postgres.createMigrated();
  const proxy = await startCuttingProxy(url);
  t.after(() => proxy.close());
  const store = await PostgresStore.open(proxy.url, KEY);
  t.after(() => store.close());
  return { proxy, store, desk: new Desk(store) };
}

for (const when of ['before it', 'before the answer'] as const) {
  test(`[ST-4a] commits once when the connection ends at the commit, ${when}`, async (t) => {
    const { proxy, store, desk } = await behindProxy(t);
    proxy.cutAtCommit(when);
    assert.equal((await desk.report(1)).intake, 'opened');
    proxy.cutAtCommit(when);
    assert.equal(await store.run('calls.count', { calls: 5, nowMs: START_MS }), 5);
    proxy.cutAtCommit(when);
    await store.run('sessions.clean', { subjects: [subject('ada')], nowMs: START_MS });
    proxy.cutAtCommit(when);
    assert.equal((await desk.run('standing.read', { unless: null }))?.sanctions.length, 0);
    assert.equal(proxy.cuts, 4);
    assert.equal(await store.run('calls.count', { calls: 0, nowMs: START_MS }), 5);
    const [ada] = await store.run('trust.read', { subjects: [subject('ada')] });
    assert.equal(ada?.trust.sessions, 1);
    assert.equal((await desk.audit()).length, 1);
  });
}

test('[ST-4b] reports an unknown commit; repeating the command changes nothing', async (t) => {
  const { proxy, desk } = await behindProxy(t);
  const unknownOf = async (work: () => Promise<unknown>) => {
    proxy.goAwayAtCommit();
    await assert.rejects(work, { code: 'failed', message: /may have been made/ });
    proxy.comeBack();
  };
  assert.equal((await desk.report(1)).intake, 'opened');
  await unknownOf(() => desk.report(2, { by: 'bob' }));
  await desk.pair(1, 'ada', 'mallory');
  await unknownOf(() => desk.pair(2, 'bob', 'mallory'));
  assert.equal((await desk.report(2, { by: 'bob' })).intake, 'merged');
  await desk.pair(2, 'bob', 'mallory');
  assert.equal((await desk.audit()).length, 2);
  assert.equal((await desk.export(subject('bob'))).met.length, 1);
});

test('[ST-104] replaces a connection whose server doesn’t answer', async (t) => {
  const { proxy, store, desk } = await behindProxy(t);
  const read = () => store.run('standing.read', { nowMs: START_MS, unless: null });
  const count = () => store.run('calls.count', { calls: 1, nowMs: START_MS });
  await Promise.all([desk.report(1), read(), count()]);
  proxy.silence();
  const silent = proxy.silent;
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const failing = Promise.all(
    [desk.report(2), read(), count()].map((each) => assert.rejects(each, { code: 'failed' })),
  );
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  t.mock.timers.tick(BEGIN_ANSWERED_MS);
  await failing;
  t.mock.timers.reset();
  await Promise.all([desk.report(2), read()]);
  assert.equal(await count(), 2);
  assert.ok(proxy.silent < silent, 'closes the silent connections');
});

test('[ST-42] one of several nodes does the housekeeping', async (t) => {
  const url = await postgres.createMigrated();
  const open = async () => closedAfter(t, await PostgresStore.open(url, KEY));
  const [one, other] = [await open(), await open()];
  const tryPassword = async () => {
    const tried = brandId<TriedName>('tried');
    await one.run('password.try', { name: 'ana', tried, nowMs: START_MS });
  };
  const housekeep = async (store: PostgresStore) =>
    (await store.run('time.pass', { nowMs: START_MS + 30 * DAY_MS })).signInsLapsed;
  await tryPassword();
  await one.run('time.pass', { nowMs: START_MS });
  assert.equal(await housekeep(other), 0);
  assert.equal(await housekeep(one), 1);
  await tryPassword();
  await one.close();
  // PostgreSQL releases the lock shortly after the connection was closed.
  let lapsed = 0;
  while (lapsed === 0) lapsed = await housekeep(other);
  assert.equal(lapsed, 1);
});
