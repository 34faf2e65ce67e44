import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { KeyStore } from '../src/keys/keys.ts';
import { openDataDir } from '../src/node/data-dir.ts';
import { ForgetfulDisk } from './support/forgetful-disk.ts';
import { temporaryFolder } from './support/test-server.ts';

test('keeps the data folder and keys after a power cut at start', async (t) => {
  const root = await temporaryFolder(t);
  const disk = ForgetfulDisk.install(t, createPrng(2));
  await disk.begin(root, new Map(), null);
  const now = { monotonicMs: 0, wallMs: 1 };
  const folder = await openDataDir(join(root, 'above', 'data'));
  const before = await KeyStore.open(folder.path, now);
  await folder.release();
  for (let cut = 0; cut < 10; cut++) {
    const left = disk.cutNow();
    const again = await temporaryFolder(t);
    await disk.begin(again, left, null);
    const { ring } = await KeyStore.open(join(again, 'above', 'data'), now);
    assert.deepEqual(ring, before.ring);
  }
});
