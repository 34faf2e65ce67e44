import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeCrashRun } from './crash/node-crash-run.ts';

test('[PR-71, ST-1] keeps every acknowledged report when the node is killed', async (t) => {
  const { lost, corrupt, acknowledged } = await nodeCrashRun(t, { kills: 4, seed: 1 });
  assert.equal(lost, 0);
  assert.deepEqual(corrupt, []);
  // Each of two processes acknowledges at least a dozen reports, and the one with a blocked store
  // at least two.
  assert.ok(acknowledged >= 2 * 12 + 2, `${acknowledged} acknowledged`);
});
