import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HEARD_FROM } from '../../src/a11y/hearing.ts';
import { MutedVoice, SHOWN_FOR_MS, VOICE_MS } from '../../src/sound/muted-voice.ts';

const STEP_MS = 20;
const QUIET = HEARD_FROM - 0.01;

/** Feeds a loudness for a duration to a muted microphone's detector. */
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

test('reports a voice while muted, until a while after it', () => {
  const hear = muted();
  assert.equal(hear(HEARD_FROM, VOICE_MS - STEP_MS), false);
  assert.equal(hear(HEARD_FROM, STEP_MS), true);
  assert.equal(hear(QUIET, SHOWN_FOR_MS - STEP_MS), true);
  assert.equal(hear(QUIET, STEP_MS), false);
});

test('detects speech with pauses but no coughs, keys or noise', () => {
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

test('counts nothing while the page was frozen', () => {
  const voice = new MutedVoice();
  voice.take(1, 0);
  assert.equal(voice.take(1, 60_000), false);
});
