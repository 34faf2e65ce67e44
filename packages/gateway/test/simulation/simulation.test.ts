import { test } from 'node:test';
import { assertDidSomething, runWithoutViolation } from './assert-outcome.ts';

// A seed in which each fault and attack occurs, and even the rarest event; the long tier runs ten million.
test('[GW-1] keeps every invariant over 3,000 sessions from seed 6', () => {
  assertDidSomething(runWithoutViolation({ seed: 6, sessions: 3_000 }));
});
