import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runWithoutViolation } from './assert-outcome.ts';
import { Worker, withCache } from './crew.ts';
import type { SimulationOptions } from './simulation.ts';

const STUCK_AFTER_MS = 5 * 60_000;

test('[GW-1] a simulation seed gives identical output when replayed in another process', async () => {
  const options = { seed: 7, sessions: 300, people: 50, hashesAll: true };
  // Runs another world first. If that world left state in a module, the replay below would differ.
  const another = runWithoutViolation({ ...options, seed: 8 });
  const { violation: _none, ...first } = runWithoutViolation(options);
  assert.ok(first.counts.matches > 50 && first.counts.sessions >= 300);
  assert.deepEqual(await runElsewhere(options), { outcome: first, violated: null });
  assert.ok(first.story !== null);
  assert.notEqual(another.story, first.story);
  assert.notEqual(another.digest, first.digest);
});

async function runElsewhere(options: SimulationOptions): Promise<unknown> {
  return withCache(async (cacheFolder) => {
    const worker = new Worker({ cacheFolder, stuckAfterMs: STUCK_AFTER_MS });
    try {
      return await worker.run(options);
    } finally {
      worker.stop();
    }
  });
}
