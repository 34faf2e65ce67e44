import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { withLock } from '../lib/lock-file.mjs';
import { temporaryFolder } from './temporary-folder.ts';

const neverWait = (holder: number): never => assert.fail(`waited for ${holder}`);

test('runs one task at a time under a lock', async (t) => {
  const file = join(temporaryFolder(t), 'deeper', 'lock');
  let inside = 0;
  let most = 0;
  const waits: number[] = [];
  const work = async (): Promise<void> => {
    most = Math.max(most, ++inside);
    await new Promise(setImmediate);
    inside--;
  };
  await Promise.all([1, 2, 3].map(() => withLock(file, work, (holder) => waits.push(holder))));
  assert.equal(most, 1);
  assert.ok(waits.length > 0 && waits.every((holder) => holder === process.pid));
  assert.ok(!existsSync(file));
});

test('releases a lock after its task failed', async (t) => {
  const file = join(temporaryFolder(t), 'lock');
  const failing = withLock(file, () => Promise.reject(new Error('no')), neverWait);
  await assert.rejects(failing, /no/);
  assert.equal(await withLock(file, () => Promise.resolve(7), neverWait), 7);
});

test('takes over the lock of a process that has ended', async (t) => {
  const file = join(temporaryFolder(t), 'lock');
  const { pid } = spawnSync(process.execPath, ['--version']);
  writeFileSync(file, String(pid));
  assert.equal(await withLock(file, () => Promise.resolve('mine'), neverWait), 'mine');
});
