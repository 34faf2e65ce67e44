import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  HEARD_FROM,
  type Heard,
  Hearing,
  PATIENCE_MS,
  QUIET_FROM,
} from '../../src/a11y/hearing.ts';

/** What is said last of a microphone that was measured so. */
function told(...measured: readonly (readonly [loudness: number, nowMs: number])[]): Heard {
  const hearing = new Hearing();
  let heard: Heard = 'listening';
  for (const [loudness, nowMs] of measured) heard = hearing.take(loudness, nowMs);
  return heard;
}

test('a voice is heard at once, and stays heard', () => {
  assert.equal(told([HEARD_FROM, 0]), 'heard');
  assert.equal(told([HEARD_FROM, 0], [0, PATIENCE_MS * 10]), 'heard');
  assert.equal(told([HEARD_FROM - 0.001, 0]), 'listening');
});

test('nobody is told that nothing came before there was time to say something', () => {
  const from = 70_000;
  assert.equal(told([0, from], [0, from + PATIENCE_MS - 1]), 'listening');
  assert.equal(told([0, from], [0, from + PATIENCE_MS]), 'silent');
});

test('a voice that is quiet is told from a room, and may yet be heard', () => {
  const late = PATIENCE_MS;
  assert.equal(told([QUIET_FROM, 0], [0, late]), 'quiet');
  assert.equal(told([QUIET_FROM - 0.001, 0], [0, late]), 'silent');
  assert.equal(told([0, 0], [0, late], [HEARD_FROM, late + 1]), 'heard');
});
