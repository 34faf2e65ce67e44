import { test } from 'node:test';
import { assertDidSomething, runWithoutViolation } from './assert-outcome.ts';

// Two files, so that two cores share the work.
test('[GW-1] keeps every invariant over 8,000 sessions from seed 1', () => {
  assertDidSomething(runWithoutViolation({ seed: 1, sessions: 8_000 }));
});
