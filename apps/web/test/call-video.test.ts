import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mode } from '@farandole/protocol/fields';
import type { MatchFound } from '../src/call/call-state.ts';
import { callViewOf } from '../src/call/call-views.ts';
import { STUCK_AFTER_MS } from '../src/call/limits.ts';
import { shieldViewOf } from '../src/shield/shield-view.ts';
import { callRestored, IN_CALL, Walk } from './support/calls.ts';

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

test('[PR-46] sends video consent once, with the accepted rules version', () => {
  const walk = textCall().event({ event: 'consent-video', allowed: true });
  assert.deepEqual(walk.sent, [
    {
      type: 'video.consent',
      match: 'match-0001',
      epoch: 1,
      step: 0,
      allowed: true,
      policyVersion: 1,
    },
  ]);
  walk.event({ event: 'consent-video', allowed: true });
  assert.deepEqual(walk.did, []);
});

test('[PR-46] sends no video consent if the node offers no video', () => {
  const walk = textCall({ videoOffered: false }).event({ event: 'consent-video', allowed: true });
  assert.deepEqual(walk.did, []);
  const video = new Walk().live().event({ event: 'consent-video', allowed: true });
  assert.deepEqual(video.did, []);
});

test('[PR-46] covers and mutes the peer when text becomes video; replaces the receipt', () => {
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

test('keeps the chat of a text call that fails to become video', () => {
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

test('measures the time to the first picture from the change to video', () => {
  const walk = textCall().after(60_000);
  started(walk).after(700).event({ event: 'first-frame' });
  assert.equal(walk.at('live').call.firstFrameMs, 700);
});

test("[PR-46] shows “not now” when the node resets the user's video consent", () => {
  const walk = textCall().event({ event: 'consent-video', allowed: true });
  told(walk, true, false);
  told(walk, false, false);
  const { video } = walk.at('live').call;
  assert.deepEqual([video.you, video.refused], [false, 'not-now']);
  walk.event({ event: 'consent-video', allowed: true });
  assert.equal(walk.at('live').call.video.refused, null);
});

test("ignores a video state that the node sent before the user's choice", () => {
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

test('[PR-46] withdraws a video consent that the node refuses, showing the reason', () => {
  const walk = textCall().event({ event: 'consent-video', allowed: true });
  walk.hear({ type: 'video.refused', ...IN_CALL, reason: 'age-required' });
  const { video } = walk.at('live').call;
  assert.deepEqual([video.you, video.refused], [false, 'age-required']);
});

test('[PR-61] after a restart repeats video consent or applies a missed video change', () => {
  const restored = (mode: Mode) => callRestored({ ...IN_CALL, epoch: 2, mode, videoOffered: true });
  const walk = textCall().event({ event: 'consent-video', allowed: true });
  walk.event({ event: 'session-opened' }).hear(restored('text'));
  assert.deepEqual(walk.sent, [
    {
      type: 'video.consent',
      match: 'match-0001',
      epoch: 2,
      step: 0,
      allowed: true,
      policyVersion: 1,
    },
  ]);
  const turned = textCall().event({ event: 'session-opened' });
  turned.hear(restored('video'));
  assert.deepEqual(turned.did, ['restored', 'turn', 'media.update']);
  assert.equal(turned.at('live').call.mode, 'video');
});

test('keeps a video choice made while the call is being restored', () => {
  const walk = textCall().event({ event: 'session-opened' });
  walk.event({ event: 'consent-video', allowed: true });
  assert.deepEqual(walk.did, []);
  assert.equal(walk.at('live').call.video.you, true);
});
