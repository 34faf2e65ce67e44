import { test } from 'node:test';
import { assertDidSomething, runWithoutViolation } from './assert-outcome.ts';

// The other half: see simulation-one.
test('8,000 sessions from seed 2 break no promise', () => {
  assertDidSomething(runWithoutViolation({ seed: 2, sessions: 8_000 }));
});
