import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeCrashRun } from './crash/node-crash-run.ts';

test('[PR-71, ST-1] keeps every acknowledged report when the node is killed', async (t) => {
  const { lost, corrupt, acknowledged } = await nodeCrashRun(t, { kills: 4, seed: 1 });
  assert.equal(lost, 0);
  assert.deepEqual(corrupt, []);
  // Each of three processes acknowledges at least a dozen reports.
  assert.ok(acknowledged >= 3 * 12, `${acknowledged} acknowledged`);
});
