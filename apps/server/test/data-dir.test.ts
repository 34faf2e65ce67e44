import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openDataDir } from '../src/node/data-dir.ts';
import { StartError } from '../src/start-error.ts';
import { temporaryFolder } from './support/test-server.ts';

const refusal = (pattern: RegExp) => (error: unknown) =>
  error instanceof StartError && pattern.test(error.message);

const locks = async (path: string): Promise<string[]> =>
  (await readdir(path)).filter((name) => name.endsWith('.lock'));

test('creates the data folder and its parents with owner-only permissions', async (t) => {
  const above = join(await temporaryFolder(t), 'a');
  const path = join(above, 'b');
  const dataDir = await openDataDir(path);
  for (const made of [above, path]) assert.equal((await stat(made)).mode & 0o777, 0o700);
  assert.equal((await locks(path)).length, 1);
  await dataDir.release();
  assert.deepEqual(await readdir(path), []);
});

test('allows one server per data folder', async (t) => {
  const path = await temporaryFolder(t);
  const first = await openDataDir(path);
  await assert.rejects(openDataDir(path), refusal(new RegExp(`process ${process.pid}\\b`)));
  assert.equal((await locks(path)).length, 1);
  await first.release();
  const second = await openDataDir(path);
  await second.release();
});

test('recognizes a data folder under different paths', async (t) => {
  const folder = await temporaryFolder(t);
  const first = await openDataDir(join(folder, 'data'));
  await symlink(join(folder, 'data'), join(folder, 'alias'));
  await assert.rejects(openDataDir(join(folder, 'alias')), refusal(/uses the data folder/));
  await first.release();
});

test('admits only one of many concurrent starts over a stale folder lock', async (t) => {
  const path = await temporaryFolder(t);
  for (let round = 0; round < 20; round++) {
    await writeFile(join(path, 'server-999999999-1-0123456789ab.lock'), '');
    const tries = await Promise.allSettled(Array.from({ length: 5 }, () => openDataDir(path)));
    const held = tries.filter((attempt) => attempt.status === 'fulfilled');
    assert.ok(held.length <= 1, `${held.length} got in`);
    for (const attempt of held) await attempt.value.release();
    const next = await openDataDir(path);
    await next.release();
    assert.deepEqual(await locks(path), []);
  }
});

async function holder(t: TestContext, path: string): Promise<ChildProcess> {
  const module = join(import.meta.dirname, '..', 'src', 'node', 'data-dir.ts');
  const program = `
    const { openDataDir } = await import(${JSON.stringify(module)});
    await openDataDir(${JSON.stringify(path)});
    console.log('held');
    setInterval(() => {}, 1_000);
  `;
  const other = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => other.kill('SIGKILL'));
  await once(other.stdout, 'data');
  return other;
}

async function kill(other: ChildProcess): Promise<void> {
  const exit = once(other, 'exit');
  other.kill('SIGKILL');
  await exit;
}

/**
 * The folder's path is too long for a Unix socket, so the lock is a file, as on a file system
 * without sockets.
 */
async function farAwayFolder(t: TestContext): Promise<string> {
  return join(await temporaryFolder(t), 'x'.repeat(120));
}

test('respects the folder lock of a living process until the process ends', async (t) => {
  for (const path of [await temporaryFolder(t), await farAwayFolder(t)]) {
    const other = await holder(t, path);
    await assert.rejects(openDataDir(path), refusal(new RegExp(`process ${other.pid}\\b`)));
    await kill(other);
    const dataDir = await openDataDir(path);
    await dataDir.release();
    assert.deepEqual(await readdir(path), []);
  }
});

test('respects a folder lock of another container, whose PID means nothing here', async (t) => {
  const path = await temporaryFolder(t);
  for (const pid of [1, process.pid, 999_999_999]) {
    const other = await holder(t, path);
    const [lock = ''] = await locks(path);
    // The first process of every container has PID 1. This process has PID 1 in its own container
    // too, so the lock's PID alone doesn't tell whose it is.
    await rename(join(path, lock), join(path, `server-${pid}-1-0123456789ab.lock`));
    await assert.rejects(openDataDir(path), refusal(/uses the data folder/), `as ${pid}`);
    // A process that is stopped by a signal doesn't answer but still has its files open.
    other.kill('SIGSTOP');
    await assert.rejects(openDataDir(path), refusal(/uses the data folder/), `as ${pid}, stopped`);
    await kill(other);
    const dataDir = await openDataDir(path);
    await dataDir.release();
    assert.deepEqual(await readdir(path), []);
  }
});

test('locks a folder by socket, or by file if sockets are unsupported', async (t) => {
  for (const [path, isSocket] of [
    [await temporaryFolder(t), true],
    [await farAwayFolder(t), false],
  ] as const) {
    const dataDir = await openDataDir(path);
    const [lock = ''] = await locks(path);
    assert.equal((await stat(join(path, lock))).isSocket(), isSocket);
    await assert.rejects(openDataDir(path), refusal(/uses the data folder/));
    await dataDir.release();
    await (await openDataDir(path)).release();
  }
});

test("removes a killed process's unfinished files and no others", async (t) => {
  const path = await temporaryFolder(t);
  const kept = ['keys.json', 'keys.json.new', 'server-1-1-0123456789ab.lock.new', 'x.0123.new'];
  for (const name of [...kept, 'keys.json.0123456789ab.new', 'audit.json.ba9876543210.new']) {
    await writeFile(join(path, name), '');
  }
  const dataDir = await openDataDir(path);
  await dataDir.release();
  assert.deepEqual((await readdir(path)).toSorted(), kept.toSorted());
});

test('ignores a folder lock whose PID was reused', async (t) => {
  const path = await temporaryFolder(t);
  // Both PIDs belong to living processes, but these processes started at another time than the
  // lock's name says.
  const stale = [1, process.pid].map((pid) => `server-${pid}-99999999999999-0123456789ab.lock`);
  for (const name of stale) await writeFile(join(path, name), '');
  const dataDir = await openDataDir(path);
  const left = await locks(path);
  assert.equal(left.length, 1);
  assert.match(left[0] ?? '', new RegExp(`^server-${process.pid}-`));
  await dataDir.release();
});

test('refuses an unusable data folder and names the reason', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'file');
  await writeFile(file, '');
  await assert.rejects(openDataDir(file), refusal(/not a folder.*FARANDOLE_DATA_DIR/s));
  await assert.rejects(openDataDir(join(file, 'inside')), refusal(/FARANDOLE_DATA_DIR/));
  // No user can create a folder in /proc.
  await assert.rejects(openDataDir('/proc/farandole'), refusal(/FARANDOLE_DATA_DIR/));
  if (process.getuid?.() === 0) return;
  const closed = join(folder, 'closed');
  await mkdir(closed);
  await chmod(closed, 0o500);
  await assert.rejects(openDataDir(closed), refusal(/FARANDOLE_DATA_DIR/));
});
