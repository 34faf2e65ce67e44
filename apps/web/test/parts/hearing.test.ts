import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  HEARD_FROM,
  type Heard,
  Hearing,
  PATIENCE_MS,
  QUIET_FROM,
} from '../../src/a11y/hearing.ts';

function told(...measured: readonly (readonly [loudness: number, nowMs: number])[]): Heard {
  const hearing = new Hearing();
  let heard: Heard = 'listening';
  for (const [loudness, nowMs] of measured) heard = hearing.take(loudness, nowMs);
  return heard;
}

test('detects a voice at once and remembers it', () => {
  assert.equal(told([HEARD_FROM, 0]), 'heard');
  assert.equal(told([HEARD_FROM, 0], [0, PATIENCE_MS * 10]), 'heard');
  assert.equal(told([HEARD_FROM - 0.001, 0]), 'listening');
});

test('reports silence only after there was time to speak', () => {
  const from = 70_000;
  assert.equal(told([0, from], [0, from + PATIENCE_MS - 1]), 'listening');
  assert.equal(told([0, from], [0, from + PATIENCE_MS]), 'silent');
});

test('distinguishes a quiet voice from room noise, then detects it', () => {
  const late = PATIENCE_MS;
  assert.equal(told([QUIET_FROM, 0], [0, late]), 'quiet');
  assert.equal(told([QUIET_FROM - 0.001, 0], [0, late]), 'silent');
  assert.equal(told([0, 0], [0, late], [HEARD_FROM, late + 1]), 'heard');
});
