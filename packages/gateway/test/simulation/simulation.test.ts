import { test } from 'node:test';
import { assertDidSomething, runWithoutViolation } from './assert-outcome.ts';

// Enough sessions for each fault and attack to occur. The long tier runs ten million.
test('[GW-1] keeps every invariant over 3,000 sessions from seed 1', () => {
  assertDidSomething(runWithoutViolation({ seed: 1, sessions: 3_000 }));
});
