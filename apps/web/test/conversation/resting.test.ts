import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeTime } from '../../src/fakes/fake-time.ts';
import { mayRest, RESTS_AFTER_MS, Resting } from '../../src/screens/conversation/resting.ts';

function watched(may = true) {
  const time = new FakeTime();
  const facts = { may, rests: false };
  const resting = new Resting(
    time,
    () => facts.may,
    (rests) => {
      facts.rests = rests;
    },
  );
  return { time, facts, resting };
}

test('fades the controls once the mouse has moved and then rested', async () => {
  const { time, facts, resting } = watched();
  await time.advance(10 * RESTS_AFTER_MS);
  assert.equal(facts.rests, false);
  resting.moved();
  await time.advance(RESTS_AFTER_MS - 1);
  resting.moved();
  await time.advance(RESTS_AFTER_MS - 1);
  assert.equal(facts.rests, false);
  await time.advance(1);
  assert.equal(facts.rests, true);
});

test('movement or a key press reveals the controls; a key starts no fading', async () => {
  const { time, facts, resting } = watched();
  resting.moved();
  await time.advance(RESTS_AFTER_MS);
  resting.moved();
  assert.equal(facts.rests, false);
  await time.advance(RESTS_AFTER_MS);
  assert.equal(facts.rests, true);
  resting.wake();
  assert.equal(facts.rests, false);
  await time.advance(10 * RESTS_AFTER_MS);
  assert.equal(facts.rests, false);
});

test('fades no control in use, and none if the user keeps them visible', async () => {
  const { time, facts, resting } = watched(false);
  resting.moved();
  await time.advance(RESTS_AFTER_MS);
  assert.equal(facts.rests, false);
  const watches = { staysShown: false, watches: true, isUsed: false };
  assert.equal(mayRest(watches), true);
  assert.equal(mayRest({ ...watches, staysShown: true }), false);
  assert.equal(mayRest({ ...watches, watches: false }), false);
  assert.equal(mayRest({ ...watches, isUsed: true }), false);
});
