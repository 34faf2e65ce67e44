import { test } from 'node:test';
import { assertDidSomething, runWithoutViolation } from './assert-outcome.ts';

// With seed 9, each kind of fault, attack and event occurs in few sessions. The long test tier
// runs ten million sessions.
test('[GW-1] keeps every invariant over 3,000 sessions from seed 9', () => {
  assertDidSomething(runWithoutViolation({ seed: 9, sessions: 3_000 }));
});
