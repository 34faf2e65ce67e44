import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunningTime } from '../support/running-time.ts';

test('counts the time for which the process runs, but not a pause of the whole process', async () => {
  using time = new RunningTime();
  while (time.ms < 150) await new Promise(setImmediate);
  const beforeMs = time.ms;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
  const tookMs = time.ms - beforeMs;
  assert.ok(tookMs >= 100 && tookMs < 900, `${tookMs} ms`);
});
