import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertDidSomething, runWithoutViolation } from './assert-outcome.ts';

// Seed 11 was chosen because its 3,000 sessions include every kind of fault, attack and event. The
// long test tier runs ten million sessions.
test('[GW-1] the simulation keeps every invariant over 3,000 sessions from seed 11', () => {
  const outcome = runWithoutViolation({ seed: 11, sessions: 3_000 });
  assertDidSomething(outcome, ['lowered', 'lowerings']);
});

test('[GW-38] the simulation lowers calls without a violation over 1,500 sessions from seed 21', () => {
  const { counts, deeds } = runWithoutViolation({ seed: 21, sessions: 1_500 });
  assert.ok((counts['lowered'] ?? 0) > 0 && (deeds['lowerings'] ?? 0) > 0);
});
