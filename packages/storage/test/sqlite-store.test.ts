import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import type { Kysely } from 'kysely';
import { migrate } from '../src/migrate.ts';
import { MIGRATIONS } from '../src/migrations/migrations.ts';
import { isCurrent, LAST_MIGRATION } from '../src/sqlite/current-schema.ts';
import { openDatabase } from '../src/sqlite/node-sqlite.ts';
import { openSqlite } from '../src/sqlite/sqlite-database.ts';
import { SqliteHere } from '../src/sqlite/sqlite-here.ts';
import { SqliteStore } from '../src/sqlite/sqlite-store.ts';
import { closedAfter } from './support/closing.ts';
import { Desk, given, reportFrom, subject } from './support/desk.ts';
import { ANOTHER_KEY, KEY } from './support/keys.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const ADAPTERS = [SqliteStore, SqliteHere];

const FILLER = join(import.meta.dirname, 'support', 'filler.ts');

async function folderOf(t: TestContext): Promise<string> {
  const folder = await temporaryFolder();
  t.after(folder.remove);
  return folder.path;
}

async function bytesIn(folder: string): Promise<Buffer> {
  const names = await readdir(folder);
  return Buffer.concat(await Promise.all(names.map((name) => readFile(join(folder, name)))));
}

function query(path: string, sql: string): unknown[] {
  const database = new DatabaseSync(path);
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

test('[ST-1] keeps acknowledged writes after reopening the database', async (t) => {
  const path = join(await folderOf(t), 'store.sqlite');
  const first = new Desk(closedAfter(t, await SqliteStore.open(path, KEY)));
  const ana = await first.hire('ana', 'moderator');
  const { case: of } = await first.report(1, { note: 'a note', said: ['hello'] });
  const { decision } = await first.decideNow(of, ana, 'suspend-7d', 'a reason');
  given(await first.appeal(decision.id));
  const before = [await first.export(subject('mallory')), await first.export(subject('ada'))];
  const standing = await first.standing();
  await first.store.close();
  const second = new Desk(closedAfter(t, await SqliteStore.open(path, KEY)));
  assert.deepEqual(
    [await second.export(subject('mallory')), await second.export(subject('ada'))],
    before,
  );
  assert.deepEqual(await second.standing(), standing);
});

test('[ST-3] serializes the writes of two stores that share a file', async (t) => {
  const path = join(await folderOf(t), 'store.sqlite');
  // One of the processes acts as a node, the other as the command line.
  const two = [
    closedAfter(t, await SqliteStore.open(path, KEY)),
    closedAfter(t, await SqliteHere.open(path, KEY)),
  ] as const;
  const taken = await Promise.all(
    Array.from({ length: 30 }, (_, n) =>
      two.map((store) => {
        const report = reportFrom(n, { by: `by-${n}`, evidence: 'contradicted' });
        return store.run('report.take', report);
      }),
    ).flat(),
  );
  assert.equal(taken.filter(({ intake }) => intake === 'merged').length, 30);
  assert.deepEqual(await two[0].run('audit.verify', null), { ok: true, rows: 30, head: 30 });
  await Promise.all(two.map((store) => store.close()));
});

test('[ST-6] refuses a database that can’t use a write-ahead log', () => {
  // With an empty name, SQLite opens a temporary file, which can't have a write-ahead log.
  assert.throws(() => openDatabase(''), { name: 'StoreError', code: 'not-durable' });
});

test('[ST-6] flushes each commit and overwrites deleted data', async (t) => {
  const database = openDatabase(join(await folderOf(t), 'store.sqlite'));
  const valueOf = (name: string) =>
    Object.values(database.prepare(`pragma ${name}`).get() ?? {})[0];
  assert.deepEqual(['journal_mode', 'synchronous', 'secure_delete'].map(valueOf), ['wal', 2, 1]);
  database.close();
});

test('[ST-7] refuses a database of a later version without changing a byte', async (t) => {
  const folder = await folderOf(t);
  const path = join(folder, 'store.sqlite');
  await (await SqliteStore.open(path, KEY)).close();
  const later = new DatabaseSync(path);
  later.exec(`insert into kysely_migration values ('9999-later', '2100-01-01')`);
  later.exec('pragma wal_checkpoint(truncate)');
  later.close();
  const before = await readFile(path);
  for (const { open } of ADAPTERS) {
    await assert.rejects(open(path, KEY), (error: Error & { code: string }) => {
      assert.equal(error.code, 'schema-newer');
      assert.match(error.message, /9999-later/);
      return true;
    });
  }
  assert.ok(before.equals(await readFile(path)));
});

test('[ST-7] recognises a file with all migrations of this version', async (t) => {
  const path = join(await folderOf(t), 'store.sqlite');
  assert.equal(isCurrent(path), false, 'a missing file');
  await (await SqliteHere.open(path, KEY)).close();
  assert.equal(LAST_MIGRATION, Object.keys(MIGRATIONS).at(-1));
  const files = await readdir(join(path, '..'));
  assert.equal(isCurrent(path), true);
  assert.deepEqual(await readdir(join(path, '..')), files);
  query(path, `delete from kysely_migration where name = '${LAST_MIGRATION}'`);
  assert.equal(isCurrent(path), false, 'an earlier version');
  await writeFile(path, 'damaged');
  assert.equal(isCurrent(path), false, 'a damaged file');
});

test('[ST-7] runs each migration once; a failed migration changes nothing', async (t) => {
  const path = join(await folderOf(t), 'store.sqlite');
  let runs = 0;
  const second = {
    up: async (db: Kysely<unknown>) => {
      runs += 1;
      await db.schema.createTable('later').addColumn('id', 'text').execute();
      if (runs === 1) throw new Error('a fault of the test');
    },
  };
  const migrations = { ...MIGRATIONS, '9999-later': second };
  const db = await openSqlite(path);
  await assert.rejects(migrate(db, migrations), { code: 'failed', message: 'a fault of the test' });
  const tables = () => query(path, `select name from sqlite_master where name = 'later'`).length;
  assert.equal(tables(), 0);
  await migrate(db, migrations);
  assert.equal(tables(), 1);
  await migrate(db, migrations);
  assert.equal(runs, 2);
  await db.destroy();
});

test('[ST-8] lets only the owner read the database file and its log', async (t) => {
  const folder = await folderOf(t);
  const store = closedAfter(t, await SqliteStore.open(join(folder, 'store.sqlite'), KEY));
  await store.run('report.take', reportFrom(1));
  const names = (await readdir(folder)).toSorted();
  const always = ['store.sqlite', 'store.sqlite-committed'];
  assert.deepEqual(names, [...always, 'store.sqlite-shm', 'store.sqlite-wal']);
  for (const name of names)
    assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600, name);
  await store.close();
  assert.deepEqual((await readdir(folder)).toSorted(), always);
});

test('[ST-8] refuses a database path that is invalid, missing or no file', async (t) => {
  const folder = await folderOf(t);
  await writeFile(join(folder, 'noise'), 'no database at all\n'.repeat(1_000));
  await mkdir(join(folder, 'folder'));
  for (const name of ['noise', 'folder', 'not-there/store.sqlite']) {
    for (const { open } of ADAPTERS) {
      await assert.rejects(open(join(folder, name), KEY), { name: 'StoreError' }, name);
    }
  }
  const noise = await readFile(join(folder, 'noise'), 'utf8');
  assert.equal(noise, 'no database at all\n'.repeat(1_000));
});

test('[ST-10, ST-12] stores no user text unencrypted; another key decrypts none', async (t) => {
  const folder = await folderOf(t);
  const path = join(folder, 'store.sqlite');
  const desk = new Desk(closedAfter(t, await SqliteStore.open(path, KEY)));
  const canary = (of: string) => `canary-${of}-5f1c`;
  const ana = await desk.hire('ana', 'moderator');
  const said = [canary('line')];
  const { case: of } = await desk.report(1, { note: canary('note'), said });
  const { decision } = await desk.decideNow(of, ana, 'warn', canary('decision'));
  given(await desk.appeal(decision.id, canary('appeal')));
  const whileOpen = await bytesIn(folder);
  await desk.store.close();
  for (const bytes of [whileOpen, await bytesIn(folder)]) {
    assert.ok(bytes.includes('report-1'), 'it is there');
    for (const one of ['line', 'note', 'decision', 'appeal'])
      assert.ok(!bytes.includes(canary(one)), one);
  }
  const other = closedAfter(t, await SqliteStore.open(path, ANOTHER_KEY));
  const asked = other.run('subject.export', { subject: subject('ada') });
  await assert.rejects(asked, { name: 'StoreError', code: 'failed' });
});

test('[ST-11] destroys the note of a declined proposal', async (t) => {
  const path = join(await folderOf(t), 'store.sqlite');
  const desk = new Desk(closedAfter(t, await SqliteStore.open(path, KEY)));
  const ana = await desk.hire('ana', 'moderator', 'senior');
  const ben = await desk.hire('ben', 'senior');
  const { case: of } = await desk.report(1);
  const approval = await desk.propose(of, ana, 'suspend-permanently', { note: 'too hard?' });
  const notes = () => query(path, `select id from words where id like 'decision%'`).length;
  assert.equal(notes(), 1);
  const answer = await desk.answerProposal(approval, ben, 'declined');
  assert.ok(answer.ok);
  assert.equal(notes(), 0);
});

test('[ST-11] overwrites destroyed texts and keys in the database file', async (t) => {
  const folder = await folderOf(t);
  const path = join(folder, 'store.sqlite');
  const desk = new Desk(closedAfter(t, await SqliteStore.open(path, KEY)));
  const ana = await desk.hire('ana', 'moderator');
  const { case: of } = await desk.report(1, { note: 'x'.repeat(500) });
  await desk.report(2, { by: 'bob', of: 'oscar', note: 'y'.repeat(500) });
  const rows = query(
    path,
    'select sealed, wrapped from words join words_keys using (id) order by words.id',
  ) as { sealed: string; wrapped: string }[];
  const [hers, his] = rows;
  assert.ok(hers !== undefined && his !== undefined);
  await desk.decideNow(of, ana, 'dismiss');
  await desk.run('subject.erase', { subject: subject('ada') });
  await desk.store.close();
  const bytes = await bytesIn(folder);
  for (const text of [hers.sealed.slice(0, 40), hers.sealed.slice(-40), hers.wrapped]) {
    assert.ok(!bytes.includes(text));
  }
  assert.ok(bytes.includes(his.sealed.slice(0, 40)) && bytes.includes(his.wrapped));
});

test('[ST-1, ST-2] reports failed writes on a full disk; keeps acknowledged ones', async (t) => {
  const path = join(await folderOf(t), 'store.sqlite');
  await (await SqliteStore.open(path, KEY)).close();
  // A limit on the file's size makes writes fail, as a full disk does.
  const args = ['--fsize=1500000', process.execPath, FILLER, path];
  const { stdout } = await promisify(execFile)('prlimit', args);
  const told = stdout.trimEnd().split('\n');
  const kept = told.filter((line) => line.startsWith('kept '));
  const refused = told.filter((line) => line.startsWith('failed '));
  assert.ok(kept.length > 5 && refused.length === 100, stdout);
  const desk = new Desk(closedAfter(t, await SqliteStore.open(path, KEY)));
  const there = (await desk.audit()).map(({ about }) => `kept ${about}`);
  assert.deepEqual(
    kept.filter((line) => !there.includes(line)),
    [],
  );
  assert.equal((await desk.store.run('audit.verify', null)).ok, true);
  assert.equal((await desk.report(999_999)).intake, 'joined', 'there is room again');
});

test('[MO-2] the database refuses a second open case about one user', async (t) => {
  const path = join(await folderOf(t), 'store.sqlite');
  const desk = new Desk(closedAfter(t, await SqliteStore.open(path, KEY)));
  const ana = await desk.hire('ana', 'moderator');
  const { case: of } = await desk.report(1);
  await desk.decideNow(of, ana, 'warn');
  await desk.report(2, { by: 'bob' });
  await desk.store.close();
  const db = new DatabaseSync(path);
  t.after(() => db.close());
  const reopen = () => db.exec("update cases set state = 'reopened' where state = 'closed'");
  assert.throws(reopen, /UNIQUE constraint failed/);
  db.exec("delete from cases where state <> 'closed'");
  reopen();
});
