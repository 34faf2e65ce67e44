import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeAfter, rotates } from '../../src/a11y/rotation.ts';

test('pauses for each reason', () => {
  const none = { paused: false, attended: false, lessMotion: false };
  assert.equal(rotates(none), true);
  for (const reason of ['paused', 'attended', 'lessMotion'] as const) {
    assert.equal(rotates({ ...none, [reason]: true }), false, reason);
  }
});

test('wraps from the last to the first', () => {
  assert.deepEqual([placeAfter(0, 3), placeAfter(2, 3), placeAfter(0, 0)], [1, 0, 0]);
});
