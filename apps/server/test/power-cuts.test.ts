import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { openKeys } from '../src/keys/open-keys.ts';
import { openDataDir } from '../src/node/data-dir.ts';
import { ForgetfulDisk } from './support/forgetful-disk.ts';
import { temporaryFolder } from './support/test-server.ts';

test('keeps the data folder and keys after a power cut at start', async (t) => {
  const root = await temporaryFolder(t);
  const disk = ForgetfulDisk.install(t, createPrng(2));
  await disk.begin(root, new Map(), null);
  const folder = await openDataDir(join(root, 'above', 'data'));
  const config = { dataDir: folder.path, keysFile: null, databaseUrl: null };
  const before = await openKeys(config);
  await folder.release();
  for (let cut = 0; cut < 10; cut++) {
    const left = disk.cutNow();
    const again = await temporaryFolder(t);
    await disk.begin(again, left, null);
    const dataDir = join(again, 'above', 'data');
    assert.deepEqual(await openKeys({ ...config, dataDir }), before);
  }
});
