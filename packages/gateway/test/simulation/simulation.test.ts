import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runWithoutViolation } from './assert-outcome.ts';
import { missingFrom } from './worlds.ts';

/** What happens only in worlds with the modes of the ladder, private meetings or communities. */
const NOT_IN_EACH_WORLD = [
  ...['lowered', 'lowerings'],
  ...['privateMatches', 'invites', 'invited', 'agains'],
];
const IN_COMMUNITIES = 'communityMatches';
/** What happens only in worlds with an hour, of which the long tests run many. */
const IN_HOURS = ['bellsSeen', 'bellEnds'];

// Seed 11 was chosen because its 3,000 sessions include every kind of fault, attack and event. The
// long test tier runs ten million sessions.
test('[GW-1] the simulation keeps every invariant over 3,000 sessions from seed 11', () => {
  const outcome = runWithoutViolation({ seed: 11, sessions: 3_000 });
  const missing = missingFrom(outcome).filter(
    (kind) =>
      kind !== IN_COMMUNITIES && !IN_HOURS.includes(kind) && !NOT_IN_EACH_WORLD.includes(kind),
  );
  assert.deepEqual(missing, [], `in ${outcome.steps} steps`);
});

test('[GW-38] the simulation lowers calls and brings friends together over 800 sessions', () => {
  const missing = missingFrom(runWithoutViolation({ seed: 14, sessions: 800 }));
  assert.deepEqual(
    missing.filter((kind) => NOT_IN_EACH_WORLD.includes(kind)),
    [],
  );
});

test('three nodes keep every invariant over 800 sessions', () => {
  runWithoutViolation({ seed: 1, sessions: 800, people: 30, nodes: 3 });
});

test('[GW-130, MM-110] communities never mix over 500 simulated sessions', () => {
  const { counts } = runWithoutViolation({ seed: 16, sessions: 500 });
  assert.notEqual(counts[IN_COMMUNITIES], 0);
});
