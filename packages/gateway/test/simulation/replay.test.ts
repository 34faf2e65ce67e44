import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runWithoutViolation } from './assert-outcome.ts';

test('[GW-1] a seed replays to the last frame, and another seed is another story', () => {
  const options = { seed: 7, sessions: 600, people: 50 };
  const first = runWithoutViolation(options);
  assert.deepEqual(runWithoutViolation(options), first);
  assert.ok(first.matches > 100 && first.lines > 100);
  assert.notEqual(runWithoutViolation({ ...options, seed: 8 }).digest, first.digest);
});
