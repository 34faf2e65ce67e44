import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { RunningTime } from '@farandole/e2e/running-time';
import { brandId } from '@farandole/kernel/id';
import type { ReportId } from '@farandole/moderation/ids';
import pg from 'pg';
import { kyselyRecords } from '../../src/kysely-records.ts';
import { openPostgres } from '../../src/postgres/postgres-database.ts';
import { PostgresStore } from '../../src/postgres/postgres-store.ts';
import { storeSeals } from '../../src/store-seals.ts';
import { reportFrom, START_MS } from '../support/desk.ts';
import { KEY } from '../support/keys.ts';
import type { TestPostgres } from '../support/postgres.ts';

/** Promise that the read of sanctions and the report keep while another node is stopped. */
export const SANCTIONS_READ_MS_MAX = 2_000;
export const REPORT_ANSWERED_MS_MAX = 3_000;

/** Times of one try, in milliseconds from the moment at which the other node was stopped. */
export interface Try {
  readonly sanctionsMs: number;
  readonly reportMs: number;
  readonly report: 'taken' | 'failed';
}

/** Transaction that holds the lock of the audit. */
const HOLDER = `
  select a.pid, a.state, a.wait_event
    from pg_locks l join pg_stat_activity a using (pid)
   where l.relation = 'audit_ends'::regclass and l.mode = 'ExclusiveLock' and l.granted`;

interface Holder {
  readonly pid: number;
  readonly state: string;
  readonly wait_event: string | null;
}

/**
 * Stops a process that writes reports while its transaction holds the lock and before it commits.
 * Lets the process go on after each try, and checks at the end that no acknowledged report is lost.
 */
export async function stopInTransaction(postgres: TestPostgres, tries: number): Promise<Try[]> {
  return await withNode(
    postgres,
    'writing-node.ts',
    async ({ node, lines, url, store, holder }) => {
      const done: Try[] = [];
      const acknowledged: string[] = [];
      const read = async (): Promise<void> => {
        acknowledged.push(await lines());
      };
      await read();
      while (done.length < tries) {
        const before = await holder();
        if (before === undefined) continue;
        node.kill('SIGSTOP');
        let now = await holder();
        // Waits for the end of a statement that the node sent before it was stopped.
        while (now?.state === 'active') now = await holder();
        const stopped = now?.state === 'idle in transaction' ? now.pid : null;
        if (stopped !== null) done.push(await timeOf(store, done.length));
        node.kill('SIGCONT');
        await read();
        if (stopped === null) continue;
        // The node writes again, on another connection than the one that PostgreSQL ended.
        do now = await holder();
        while (now === undefined || now.pid === stopped);
      }
      await endOf(node);
      for (const line of await rest(lines)) acknowledged.push(line);
      await checkAll(url, acknowledged);
      return done;
    },
  );
}

/** Stops a process that holds the lock in the middle of a large result. */
export async function stopWhileReading(postgres: TestPostgres, tries: number): Promise<Try[]> {
  return await withNode(postgres, 'reading-node.ts', async ({ node, lines, store, holder }) => {
    const done: Try[] = [];
    while (done.length < tries) {
      node.stdin?.write('go\n');
      assert.equal(await lines(), 'stops');
      let now = await holder();
      while (now?.wait_event !== 'ClientWrite') now = await holder();
      done.push(await timeOf(store, done.length));
      node.kill('SIGCONT');
      assert.equal(await lines(), 'ended');
    }
    await endOf(node);
    return done;
  });
}

interface Parts {
  readonly node: ChildProcess;
  readonly url: string;
  readonly store: PostgresStore;
  /** Returns the next line that the node prints. */
  readonly lines: () => Promise<string>;
  readonly holder: () => Promise<Holder | undefined>;
}

async function withNode<Result>(
  postgres: TestPostgres,
  program: string,
  work: (parts: Parts) => Promise<Result>,
): Promise<Result> {
  const url = await postgres.createMigrated();
  const store = await PostgresStore.open(url, KEY);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const node = spawn(process.execPath, [join(import.meta.dirname, program), url], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const said = createInterface({ input: node.stdout })[Symbol.asyncIterator]();
  try {
    return await work({
      ...{ node, url, store },
      lines: async () => {
        const { done, value } = await said.next();
        if (done === true) throw new Error('The node ended.');
        return value;
      },
      holder: async () => {
        if (node.exitCode !== null) throw new Error('The node ended.');
        return (await client.query<Holder>(HOLDER)).rows[0];
      },
    });
  } finally {
    await endOf(node);
    await client.end();
    await store.close();
  }
}

async function endOf(node: ChildProcess): Promise<void> {
  if (node.exitCode !== null || node.signalCode !== null) return;
  node.kill('SIGKILL');
  await once(node, 'exit');
}

/** Returns the lines that the node printed before it ended. */
async function rest(lines: () => Promise<string>): Promise<readonly string[]> {
  const found: string[] = [];
  for (;;) {
    const line = await lines().catch(() => null);
    if (line === null) return found;
    found.push(line);
  }
}

async function timeOf(store: PostgresStore, n: number): Promise<Try> {
  using time = new RunningTime();
  const since = (): number => time.ms;
  const sanctions = store.run('standing.read', { nowMs: START_MS, unless: null }).then(since);
  const report = store.run('report.take', reportFrom(n, { by: `ada-${n}`, of: `eve-${n}` })).then(
    () => ({ report: 'taken', reportMs: since() }) as const,
    () => ({ report: 'failed', reportMs: since() }) as const,
  );
  return { sanctionsMs: await sanctions, ...(await report) };
}

async function checkAll(url: string, reports: readonly string[]): Promise<void> {
  const db = await openPostgres(url);
  try {
    const records = kyselyRecords(db, storeSeals(KEY));
    for (const id of reports) assert.ok(await records.reports.get(brandId<ReportId>(id)), id);
    assert.equal((await records.audit.verify(null)).ok, true);
  } finally {
    await db.destroy();
  }
}
