import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startPostgres } from '@farandole/storage/test/postgres';
import { filledFolder, roundTrip } from './support/round-trip.ts';

const ROWS = 100_000;
const MS_MAX = 60_000;

test(`[ST-30] backs up and restores ${ROWS} rows in all four directions, each in ${MS_MAX / 1_000} s`, async (t) => {
  const postgres = await startPostgres();
  t.after(() => postgres.stop());
  const durations = await roundTrip(t, postgres, await filledFolder(t, ROWS));
  for (const [name, ms] of Object.entries(durations)) {
    t.diagnostic(`${name}: ${Math.round(ms)} ms`);
    assert.ok(ms <= MS_MAX, `${name} took ${Math.round(ms)} ms`);
  }
});
