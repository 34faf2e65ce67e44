import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mode } from '@farandole/protocol/fields';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { MatchFound } from '../src/call/call-state.ts';
import { isBelow } from '../src/call/rungs.ts';
import { callRestored, IN_CALL, Walk } from './support/calls.ts';

const CHANGED = {
  ...IN_CALL,
  transport: 'relay',
  directOffered: true,
  receipt: 'receipt-of-mode',
} as const;

function call(mode: Mode, change: Partial<MatchFound> = {}): Walk {
  const walk = new Walk().searching({ mode });
  walk.found({ mode, offerUsed: false, ...change });
  return mode === 'text' ? walk : walk.event({ event: 'media-connected' });
}

function lowered(
  walk: Walk,
  mode: Mode,
  change: Partial<ServerMessageOf<'mode.lowered'>> = {},
): Walk {
  return walk.hear({ type: 'mode.lowered', ...CHANGED, mode, you: false, step: 1, ...change });
}

test('orders the ways to meet from text to video', () => {
  assert.deepEqual(
    [isBelow('text', 'voice'), isBelow('voice', 'video'), isBelow('video', 'voice')],
    [true, true, false],
  );
  assert.equal(isBelow('voice', 'voice'), false);
});

test('opens a voice call covered, with media and without a picture', () => {
  const walk = new Walk().searching({ mode: 'voice' }).found({ mode: 'voice', offerUsed: false });
  assert.equal(walk.at('connecting').call.cover, 'covered');
  walk.event({ event: 'media-connected' });
  const { call: live } = walk.at('live');
  assert.deepEqual([live.flow, live.cover, live.firstFrameMs], ['flowing', 'covered', null]);
  walk.event({ event: 'cover', cover: 'shown' });
  assert.deepEqual(walk.did, ['media.update']);
});

test('[PR-46] moves up to the mode that the node names, one at a time', () => {
  const walk = call('text', { videoOffered: false, next: 'voice' });
  walk.event({ event: 'consent-video', allowed: true });
  walk.hear({ type: 'video.started', ...CHANGED, mode: 'voice', step: 1, videoOffered: true });
  assert.deepEqual(walk.did, ['turn', 'media.update']);
  const { call: voice } = walk.at('live');
  assert.deepEqual(
    [voice.mode, voice.step, voice.video.next, voice.video.you, voice.cover],
    ['voice', 1, 'video', false, 'covered'],
  );
  walk.event({ event: 'consent-video', allowed: true });
  const [yes] = walk.sent;
  assert.ok(yes?.type === 'video.consent');
  assert.equal(yes.step, 1, 'the answer names the mode in which it was given');
});

test('[PR-46d] ends the media of the higher mode before the node hears of it', () => {
  const walk = call('video').event({ event: 'cover', cover: 'shown' });
  walk.event({ event: 'lower', mode: 'voice' });
  assert.deepEqual(walk.did, ['end-media', 'mode.lower']);
  const { call: waiting } = walk.at('live');
  assert.deepEqual(
    [waiting.mode, waiting.cover, waiting.flow, waiting.lowering],
    ['voice', 'covered', 'connecting', 'voice'],
  );
  lowered(walk, 'voice', { you: true, videoOffered: true });
  assert.deepEqual(walk.did, ['turn', 'media.update']);
  const { call: voice } = walk.at('live');
  assert.deepEqual([voice.lowering, voice.step, voice.video.next], [null, 1, 'video']);
  assert.equal(voice.video.refused, null);
});

test('[PR-46d] ends the media at once when the peer goes down, and says so', () => {
  for (const mode of ['voice', 'text'] as const) {
    const walk = lowered(call('video').event({ event: 'cover', cover: 'shown' }), mode);
    assert.equal(walk.did[0], mode === 'text' ? 'end-media' : 'turn');
    const { call: lower } = walk.at('live');
    assert.deepEqual(
      [lower.mode, lower.cover, lower.video.refused, lower.receipt],
      [mode, 'covered', `lowered-${mode}`, 'receipt-of-mode'],
    );
  }
});

test('a call that goes down to text no longer waits for media', () => {
  const walk = new Walk().searching({ mode: 'voice' }).found({ mode: 'voice', offerUsed: false });
  lowered(walk, 'text');
  assert.equal(walk.at('live').call.flow, 'none');
  const asking = call('video').event({
    event: 'next',
    wishes: call('video').at('live').call.pursuit.wishes,
  });
  lowered(asking, 'text');
  assert.equal(asking.at('confirming-next').deadlineMs, null);
});

test('ignores a higher mode while the node hears that the user went down', () => {
  const walk = call('voice', { videoOffered: true }).event({ event: 'lower', mode: 'text' });
  walk.hear({ type: 'video.started', ...CHANGED, step: 1 });
  assert.deepEqual(walk.did, []);
  assert.deepEqual([walk.at('live').call.mode, walk.at('live').call.step], ['text', 1]);
  lowered(walk, 'text', { you: true, step: 2 });
  assert.deepEqual([walk.at('live').call.lowering, walk.at('live').call.step], [null, 2]);
});

test('goes on further down if the peer went down less far', () => {
  const walk = call('video').event({ event: 'lower', mode: 'text' });
  lowered(walk, 'voice', { step: 1 });
  assert.deepEqual([walk.did, walk.at('live').call.mode], [[], 'text']);
  lowered(walk, 'text', { you: true, step: 2 });
  assert.equal(walk.at('live').call.mode, 'text');
});

test('does not go up or stay by going down', () => {
  for (const mode of ['voice', 'video'] as const) {
    assert.deepEqual(call('voice').event({ event: 'lower', mode }).did, []);
  }
});

test('[PR-61] repeats a lower mode that the node has not heard of before a restart', () => {
  const walk = call('video').event({ event: 'lower', mode: 'text' });
  walk.event({ event: 'session-opened' });
  walk.hear(callRestored({ ...IN_CALL, epoch: 2, mode: 'video' }));
  assert.deepEqual(walk.did, ['restored', 'mode.lower']);
  assert.equal(walk.at('live').call.mode, 'text');
});

test('[PR-61] goes down with a call that was restored in a lower mode', () => {
  const walk = call('video').event({ event: 'session-opened' });
  walk.hear(callRestored({ ...IN_CALL, epoch: 2, mode: 'text', step: 1, videoOffered: true }));
  assert.deepEqual(walk.did, ['restored', 'end-media']);
  const { call: text } = walk.at('live');
  assert.deepEqual([text.mode, text.step, text.video.next], ['text', 1, 'video']);
});
