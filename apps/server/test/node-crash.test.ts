import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeCrashRun } from './crash/node-crash-run.ts';

test('[PR-71, ST-1] a node that is killed while people report, lets go or starts has all that they were told is taken, once and whole', async (t) => {
  const { lost, corrupt, acknowledged } = await nodeCrashRun(t, { kills: 4, seed: 1 });
  assert.equal(lost, 0);
  assert.deepEqual(corrupt, []);
  // Two processes answer a dozen at least, and one but few, since its store is held.
  assert.ok(acknowledged >= 2 * 12 + 2, `${acknowledged} acknowledged`);
});
