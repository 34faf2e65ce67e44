import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  HEARD_FROM,
  type Heard,
  Hearing,
  PATIENCE_MS,
  QUIET_FROM,
} from '../../src/a11y/hearing.ts';
import { MutedVoice, SHOWN_FOR_MS, VOICE_MS } from '../../src/sound/muted-voice.ts';

function told(...measured: readonly (readonly [loudness: number, nowMs: number])[]): Heard {
  const hearing = new Hearing();
  let heard: Heard = 'listening';
  for (const [loudness, nowMs] of measured) heard = hearing.take(loudness, nowMs);
  return heard;
}

test('detects a voice in the microphone test at once; keeps the result', () => {
  assert.equal(told([HEARD_FROM, 0]), 'heard');
  assert.equal(told([HEARD_FROM, 0], [0, PATIENCE_MS * 10]), 'heard');
  assert.equal(told([HEARD_FROM - 0.001, 0]), 'listening');
});

test('reports a silent microphone only after the user had time to speak', () => {
  const from = 70_000;
  assert.equal(told([0, from], [0, from + PATIENCE_MS - 1]), 'listening');
  assert.equal(told([0, from], [0, from + PATIENCE_MS]), 'silent');
});

test('distinguishes a quiet voice from room noise', () => {
  const late = PATIENCE_MS;
  assert.equal(told([QUIET_FROM, 0], [0, late]), 'quiet');
  assert.equal(told([QUIET_FROM - 0.001, 0], [0, late]), 'silent');
  assert.equal(told([0, 0], [0, late], [HEARD_FROM, late + 1]), 'heard');
});

const STEP_MS = 20;
const QUIET = HEARD_FROM - 0.01;

/**
 * Returns a function that feeds a loudness for a duration to the detector of speech into a muted
 * microphone.
 */
function muted(): (loudness: number, forMs: number) => boolean {
  const voice = new MutedVoice();
  let nowMs = 0;
  let isTold = voice.take(0, nowMs);
  return (loudness, forMs) => {
    for (const endMs = nowMs + forMs; nowMs < endMs; ) {
      nowMs += STEP_MS;
      isTold = voice.take(loudness, nowMs);
    }
    return isTold;
  };
}

test('reports speech into a muted microphone until shortly after it ends', () => {
  const hear = muted();
  assert.equal(hear(HEARD_FROM, VOICE_MS - STEP_MS), false);
  assert.equal(hear(HEARD_FROM, STEP_MS), true);
  assert.equal(hear(QUIET, SHOWN_FOR_MS - STEP_MS), true);
  assert.equal(hear(QUIET, STEP_MS), false);
});

test('detects speech with pauses but not coughs, keystrokes or noise', () => {
  const speaks = muted();
  for (let words = 0; words < 3; words += 1) {
    speaks(QUIET, 200);
    speaks(HEARD_FROM, 300);
  }
  assert.equal(speaks(QUIET, 200), true);

  const types = muted();
  for (let keys = 0; keys < 40; keys += 1) {
    types(1, STEP_MS);
    assert.equal(types(QUIET, 200), false);
  }
  assert.equal(muted()(QUIET, 60_000), false);
});

test('ignores loudness from before the page was frozen', () => {
  const voice = new MutedVoice();
  voice.take(1, 0);
  assert.equal(voice.take(1, 60_000), false);
});
