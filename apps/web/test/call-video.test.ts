import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mode } from '@farandole/protocol/fields';
import type { CallMessage, MatchFound } from '../src/call/call-state.ts';
import { callViewOf } from '../src/call/call-views.ts';
import { STUCK_AFTER_MS } from '../src/call/limits.ts';
import { shieldViewOf } from '../src/shield/shield-view.ts';
import { IN_CALL, Walk } from './support/calls.ts';

/** A text call that may turn to video. */
function textCall(change: Partial<MatchFound> = {}): Walk {
  return new Walk()
    .searching({ mode: 'text' })
    .found({ mode: 'text', offerUsed: false, videoOffered: true, ...change });
}

function told(walk: Walk, you: boolean, stranger: boolean): Walk {
  return walk.hear({ type: 'video.updated', ...IN_CALL, you, stranger });
}

function started(walk: Walk): Walk {
  return walk.hear({
    type: 'video.started',
    ...IN_CALL,
    transport: 'relay',
    directOffered: true,
    receipt: 'receipt-of-video',
  });
}

test('[PR-46] a yes is sent with the rules that were agreed to, once', () => {
  const walk = textCall().event({ event: 'consent-video', allowed: true });
  assert.deepEqual(walk.sent, [
    { type: 'video.consent', match: 'match-0001', epoch: 1, allowed: true, policyVersion: 1 },
  ]);
  walk.event({ event: 'consent-video', allowed: true });
  assert.deepEqual(walk.did, []);
});

test('[PR-46] where the node does not offer video, nothing is said of it', () => {
  const walk = textCall({ videoOffered: false }).event({ event: 'consent-video', allowed: true });
  assert.deepEqual(walk.did, []);
  const video = new Walk().live().event({ event: 'consent-video', allowed: true });
  assert.deepEqual(video.did, []);
});

test('[PR-46] the same call goes on by video, covered and muted, with a new receipt', () => {
  const walk = textCall().event({ event: 'consent-video', allowed: true });
  started(walk);
  assert.deepEqual(walk.did, ['turn', 'media.update']);
  const { call } = walk.at('live');
  assert.deepEqual(
    [call.match, call.mode, call.cover, call.flow, call.receipt, call.transport, call.role],
    ['match-0001', 'video', 'covered', 'connecting', 'receipt-of-video', 'relay', 'offerer'],
  );
  started(walk);
  assert.deepEqual(walk.did, [], 'a second time means nothing');
});

test('a call that turned is not ended for want of a connection: words go on', () => {
  const walk = textCall();
  started(walk).event({ event: 'media-failed' });
  assert.equal(walk.at('live').call.flow, 'interrupted');
  const later = started(textCall()).after(STUCK_AFTER_MS);
  const kept = { state: 'idle' } as const;
  const shield = shieldViewOf('none', { kept, mayResume: true, beganAtMs: 0 });
  const facts = { shield, quality: null, camera: 'on', mayBeDirect: true, video: null } as const;
  const view = callViewOf(later.at('live'), later.nowMs, facts);
  assert.equal(view?.flow, 'stuck');
});

test('the first picture of a call that turned is counted from the turn', () => {
  const walk = textCall().after(60_000);
  started(walk).after(700).event({ event: 'first-frame' });
  assert.equal(walk.at('live').call.firstFrameMs, 700);
});

test('[PR-46] two noes after a yes are the other person’s “not now”', () => {
  const walk = textCall().event({ event: 'consent-video', allowed: true });
  told(walk, true, false);
  told(walk, false, false);
  const { video } = walk.at('live').call;
  assert.deepEqual([video.you, video.refused], [false, 'not-now']);
  walk.event({ event: 'consent-video', allowed: true });
  assert.equal(walk.at('live').call.video.refused, null);
});

test('what the node wrote before it heard this person changes nothing of their last word', () => {
  const both = textCall().event({ event: 'consent-video', allowed: true });
  told(both, false, true);
  assert.equal(both.at('live').call.video.you, true, 'both asked at the same time');
  const withdrawn = textCall().event({ event: 'consent-video', allowed: true });
  withdrawn.event({ event: 'consent-video', allowed: false });
  told(withdrawn, true, false);
  told(withdrawn, false, false);
  const { video } = withdrawn.at('live').call;
  assert.deepEqual([video.you, video.refused], [false, null], 'a withdrawal is no refusal');
  const crossed = told(textCall(), false, true);
  crossed.event({ event: 'consent-video', allowed: true });
  told(crossed, false, false);
  told(crossed, true, false);
  assert.equal(crossed.at('live').call.video.you, true, 'it is an offer of its own now');
});

test('[PR-46] a yes that the node refuses is taken back, with the reason', () => {
  const walk = textCall().event({ event: 'consent-video', allowed: true });
  walk.hear({ type: 'video.refused', ...IN_CALL, reason: 'age-required' });
  const { video } = walk.at('live').call;
  assert.deepEqual([video.you, video.refused], [false, 'age-required']);
});

test('[PR-61] a yes is said again to a restarted node, and a turn that was not heard of is made up for', () => {
  const restored = (mode: Mode): CallMessage => ({
    type: 'call.restored',
    ...IN_CALL,
    epoch: 2,
    side: 'a',
    role: 'offerer',
    mode,
    transport: 'all',
    directOffered: false,
    videoOffered: true,
    receipt: 'receipt-two',
    counters: [0, 0],
    peerReceived: [0, 0],
  });
  const walk = textCall().event({ event: 'consent-video', allowed: true });
  walk.event({ event: 'session-opened' }).hear(restored('text'));
  assert.deepEqual(walk.sent, [
    { type: 'video.consent', match: 'match-0001', epoch: 2, allowed: true, policyVersion: 1 },
  ]);
  const turned = textCall().event({ event: 'session-opened' });
  turned.hear(restored('video'));
  assert.deepEqual(turned.did, ['restored', 'turn', 'media.update']);
  assert.equal(turned.at('live').call.mode, 'video');
});

test('while the call is put together again a word is kept, and said afterwards', () => {
  const walk = textCall().event({ event: 'session-opened' });
  walk.event({ event: 'consent-video', allowed: true });
  assert.deepEqual(walk.did, []);
  assert.equal(walk.at('live').call.video.you, true);
});
