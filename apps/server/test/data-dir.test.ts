import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openDataDir } from '../src/node/data-dir.ts';
import { LOCK_FILE } from '../src/node/folder-lock.ts';
import { StartError } from '../src/start-error.ts';
import { temporaryFolder } from './support/test-server.ts';

const refusal = (pattern: RegExp) => (error: unknown) =>
  error instanceof StartError && pattern.test(error.message);

test('creates the data folder and its parents with owner-only permissions', async (t) => {
  const above = join(await temporaryFolder(t), 'a');
  const path = join(above, 'b');
  const dataDir = await openDataDir(path);
  for (const made of [above, path]) assert.equal((await stat(made)).mode & 0o777, 0o700);
  assert.equal((await stat(join(path, LOCK_FILE))).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(path), [LOCK_FILE]);
  await dataDir.release();
  assert.deepEqual(await readdir(path), [LOCK_FILE]);
});

test('allows one server per data folder', async (t) => {
  const path = await temporaryFolder(t);
  const first = await openDataDir(path);
  await assert.rejects(openDataDir(path), refusal(/Another server uses the data folder.*Stop it/));
  // The refused attempt must not release the lock of this process, which POSIX would allow.
  await assert.rejects(holder(t, path), /Another server uses the data folder/);
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

test('admits only one of many concurrent starts', async (t) => {
  const path = await temporaryFolder(t);
  for (let round = 0; round < 20; round++) {
    const tries = await Promise.allSettled(Array.from({ length: 5 }, () => openDataDir(path)));
    const held = tries.filter((attempt) => attempt.status === 'fulfilled');
    assert.equal(held.length, 1);
    for (const attempt of held) await attempt.value.release();
  }
});

async function holder(t: TestContext, path: string): Promise<ChildProcess> {
  const module = join(import.meta.dirname, '..', 'src', 'node', 'data-dir.ts');
  const program = `
    const { openDataDir } = await import(${JSON.stringify(module)});
    // A folder that no variable holds is unlocked by the garbage collector.
    globalThis.held = await openDataDir(${JSON.stringify(path)});
    console.log('held');
    setInterval(() => {}, 1_000);
  `;
  const other = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => other.kill('SIGKILL'));
  let said = '';
  other.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await Promise.race([
    once(other.stdout, 'data'),
    once(other, 'close').then(() => {
      throw new Error(said);
    }),
  ]);
  return other;
}

async function kill(other: ChildProcess): Promise<void> {
  const exit = once(other, 'exit');
  other.kill('SIGKILL');
  await exit;
}

test('respects the lock of a living or stopped process until the process ends', async (t) => {
  const path = await temporaryFolder(t);
  const other = await holder(t, path);
  await assert.rejects(openDataDir(path), refusal(/uses the data folder/));
  other.kill('SIGSTOP');
  await assert.rejects(openDataDir(path), refusal(/uses the data folder/), 'stopped');
  await kill(other);
  const dataDir = await openDataDir(path);
  await dataDir.release();
});

test('respects the socket by which version 0.1.0 locks, until its process ends', async (t) => {
  const path = await temporaryFolder(t);
  const name = 'server-1-17-0123456789ab.lock';
  const program = `require('node:net').createServer().listen(${JSON.stringify(join(path, name))}, () => console.log('held'))`;
  const old = spawn(process.execPath, ['--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => old.kill('SIGKILL'));
  await once(old.stdout, 'data');
  await assert.rejects(openDataDir(path), refusal(/uses the data folder/));
  await kill(old);
  assert.ok((await readdir(path)).includes(name), 'a killed process leaves its socket');
  const dataDir = await openDataDir(path);
  await dataDir.release();
  assert.deepEqual(await readdir(path), [LOCK_FILE]);
});

test("removes a killed process's unfinished files and no others", async (t) => {
  const path = await temporaryFolder(t);
  const kept = [LOCK_FILE, 'keys.json', 'keys.json.new', 'x.0123.new'];
  for (const name of [
    ...kept.slice(1),
    'keys.json.0123456789ab.new',
    'audit.json.ba9876543210.new',
  ]) {
    await writeFile(join(path, name), '');
  }
  const dataDir = await openDataDir(path);
  await dataDir.release();
  assert.deepEqual((await readdir(path)).toSorted(), kept.toSorted());
});

test('names the lock file if it cannot be locked', async (t) => {
  const path = await temporaryFolder(t);
  await writeFile(join(path, LOCK_FILE), 'no database, whoever wrote it '.repeat(40));
  await assert.rejects(openDataDir(path), refusal(/node\.lock can't be locked.*file locks/));
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
