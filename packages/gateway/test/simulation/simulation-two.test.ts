import { test } from 'node:test';
import { assertDidSomething, runWithoutViolation } from './assert-outcome.ts';

// The other half: see simulation-one.
test('[GW-1] keeps every invariant over 8,000 sessions from seed 2', () => {
  assertDidSomething(runWithoutViolation({ seed: 2, sessions: 8_000 }));
});
