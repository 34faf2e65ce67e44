import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashRun } from './crash/crash-run.ts';
import { crashingSqlite } from './crash/crashing.ts';

test('[ST-1, ST-2, ST-3] SQLite keeps each acknowledged write when its process is killed', async (t) => {
  const { store, remove } = await crashingSqlite();
  t.after(remove);
  const result = await crashRun(store, { kills: 2, seed: 1 });
  assert.equal(result.lost, 0);
  assert.deepEqual(result.corrupt, []);
  assert.ok(result.acknowledged >= 2 * 40);
});
