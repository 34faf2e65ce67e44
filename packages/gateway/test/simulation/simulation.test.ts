import { test } from 'node:test';
import { assertDidSomething, runWithoutViolation } from './assert-outcome.ts';

// Seed 11 was chosen because its 3,000 sessions include every kind of fault, attack and event. The
// long test tier runs ten million sessions.
test('[GW-1] the simulation keeps every invariant over 3,000 sessions from seed 11', () => {
  assertDidSomething(runWithoutViolation({ seed: 11, sessions: 3_000 }));
});
