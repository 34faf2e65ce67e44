import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { dumpStore } from '../src/backup/dump.ts';
import { commitsOf } from '../src/sqlite/commit-guard.ts';
import { markFileOf, readMark, removeMark, writeMark } from '../src/sqlite/commit-mark.ts';
import { SqliteHere } from '../src/sqlite/sqlite-here.ts';
import { SqliteStore } from '../src/sqlite/sqlite-store.ts';
import { closedAfter } from './support/closing.ts';
import { reportFrom } from './support/desk.ts';
import { KEY } from './support/keys.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const FILLER = join(import.meta.dirname, 'support', 'filler.ts');

async function folderOf(t: TestContext): Promise<string> {
  const folder = await temporaryFolder();
  t.after(folder.remove);
  return folder.path;
}

/** Kills a process while it writes reports, after it has noted `marks` commit counts. */
async function killedWriter(t: TestContext, path: string, marks: number): Promise<void> {
  const writer = spawn(process.execPath, [FILLER, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => writer.kill('SIGKILL'));
  // The first mark of a process counts the commits of the process before it.
  await once(writer.stdout.resume(), 'data');
  const before = readMark(path)?.commits ?? 0;
  while ((readMark(path)?.commits ?? 0) < before + marks) await delay(5);
  const ended = once(writer, 'exit');
  writer.kill('SIGKILL');
  await ended;
}

async function copyOf(t: TestContext, path: string): Promise<string> {
  const folder = await folderOf(t);
  await cp(join(path, '..'), folder, { recursive: true });
  return join(folder, 'store.sqlite');
}

async function refusesLost(path: string, pattern: RegExp): Promise<void> {
  // The later tries must find the same fault: a refused open changes nothing.
  for (const { open } of [SqliteHere, SqliteHere, SqliteStore]) {
    await assert.rejects(open(path, KEY), (error: Error & { code: string }) => {
      assert.equal(error.code, 'lost');
      assert.match(error.message, pattern);
      assert.match(error.message, /--accept-loss/);
      return true;
    });
  }
}

test('[ST-61] opens a store whose process was killed, also after a dump', async (t) => {
  const path = join(await folderOf(t), 'store.sqlite');
  for (let round = 0; round < 2; round++) {
    await killedWriter(t, path, 1);
    assert.equal(readMark(path)?.isClean, false);
    if (round === 0) for await (const _ of dumpStore({ kind: 'sqlite', path }));
    await (await SqliteHere.open(path, KEY)).close();
    assert.equal(readMark(path)?.isClean, true);
  }
});

test('[ST-61] refuses a database file that is missing or older than its mark', async (t) => {
  const path = join(await folderOf(t), 'store.sqlite');
  await killedWriter(t, path, 1);
  const older = await copyOf(t, path);
  await killedWriter(t, path, 1);
  for (const name of ['', '-wal', '-shm']) await rm(path + name);
  await refusesLost(path, /store\.sqlite is missing/);
  for (const name of ['', '-wal']) await cp(older + name, path + name);
  await refusesLost(path, /is older than the store that ran last/);
  removeMark(path);
  const store = closedAfter(t, await SqliteHere.open(path, KEY));
  assert.equal((await store.run('audit.verify', null)).ok, true);
});

test('[ST-61c] refuses a missing log unless the store was closed', async (t) => {
  const path = join(await folderOf(t), 'store.sqlite');
  await killedWriter(t, path, 1);
  await (await SqliteHere.open(path, KEY)).close();
  // A clean store works without its log.
  await rm(`${path}-wal`, { force: true });
  const store = await SqliteHere.open(path, KEY);
  const open = await copyOf(t, path);
  await store.close();
  await rm(`${open}-wal`);
  await refusesLost(open, /store\.sqlite-wal is missing/);
});

test('[ST-61] refuses no store that several processes opened and closed', async (t) => {
  const path = join(await folderOf(t), 'store.sqlite');
  const node = await SqliteStore.open(path, KEY);
  await node.run('report.take', reportFrom(1));
  const line = await SqliteHere.open(path, KEY);
  await line.run('report.take', reportFrom(2, { by: 'bob' }));
  await line.close();
  await node.run('report.take', reportFrom(3, { by: 'eve' }));
  const reader = await SqliteHere.open(path, KEY);
  await node.close();
  await reader.close();
  const last = closedAfter(t, await SqliteHere.open(path, KEY));
  assert.equal((await last.run('audit.verify', null)).ok, true);
});

test('[ST-61] notes a commit within a second', async (t) => {
  const path = join(await folderOf(t), 'store.sqlite');
  const store = closedAfter(t, await SqliteStore.open(path, KEY));
  await store.run('report.take', reportFrom(1));
  const committedAt = performance.now();
  const database = new DatabaseSync(path);
  const commits = commitsOf(database);
  database.close();
  while ((readMark(path)?.commits ?? 0) < commits) await delay(5);
  assert.ok(performance.now() - committedAt < 1_000);
});

test('[ST-61] keeps the older mark when a write of a mark is torn at any byte', async (t) => {
  const folder = await folderOf(t);
  const path = join(folder, 'store.sqlite');
  writeMark(path, 1, false);
  const images: Buffer[] = [];
  for (const commits of [2, 19, 20]) {
    writeMark(path, commits, false);
    images.push(await readFile(markFileOf(path)));
  }
  const [, before = Buffer.alloc(0), after = Buffer.alloc(0)] = images;
  assert.equal(before.length, after.length);
  for (let at = 0; at < after.length; at++) {
    const torn = Buffer.concat([after.subarray(0, at), before.subarray(at)]);
    await writeFile(markFileOf(path), torn);
    assert.ok([19, 20].includes(readMark(path)?.commits ?? 0), String(at));
  }
  await writeFile(markFileOf(path), after);
  assert.equal(readMark(path)?.commits, 20);
  assert.equal((await stat(markFileOf(path))).mode & 0o777, 0o600);
});

test('[ST-61] leaves a store of a later version and its mark unchanged', async (t) => {
  const path = join(await folderOf(t), 'store.sqlite');
  await (await SqliteHere.open(path, KEY)).close();
  const later = new DatabaseSync(path);
  later.exec(`insert into kysely_migration values ('9999-later', '2100-01-01')`);
  later.close();
  const before = readMark(path);
  await assert.rejects(SqliteHere.open(path, KEY), { code: 'schema-newer' });
  assert.deepEqual(readMark(path), before);
});

test('[ST-62] names the cause of a failed write: the code of SQLite and of the system', async (t) => {
  const folder = await folderOf(t);
  await mkdir(join(folder, 'store.sqlite'));
  await assert.rejects(SqliteStore.open(join(folder, 'store.sqlite'), KEY), (error: Error) => {
    const cause = error.cause as Error & { code: string };
    assert.match(cause.code, /^(?:SQLITE_CANTOPEN|EISDIR)/);
    return true;
  });
  await writeFile(join(folder, 'noise'), 'no database at all\n'.repeat(1_000));
  await assert.rejects(SqliteStore.open(join(folder, 'noise'), KEY), (error: Error) => {
    assert.match(error.message, /damaged .*restore a backup \(SQLITE_NOTADB\)\.$/);
    return true;
  });
});
