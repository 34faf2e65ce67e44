import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RUNG_REQUEST_PAUSE_MS, RUNG_REQUESTS_MAX } from '../src/limits.ts';
import { minimal } from './signal-policy/sdp-harness.ts';
import type { TestClient } from './support/test-client.ts';
import { paired } from './support/world.ts';

function words(client: TestClient): readonly [boolean, boolean] {
  const { you, stranger } = client.last('video.updated');
  return [you, stranger];
}

function offer(client: TestClient): void {
  client.say('signal.offer', { ...client.inCall(), sdp: minimal });
}

test('[PR-46] switches a call to video when the second user agrees', () => {
  const { world, offerer, answerer } = paired();
  assert.equal(offerer.last('match.found').videoOffered, true);
  const { match, epoch } = offerer.inCall();
  const { receipt } = offerer.last('match.found');
  offerer.consentVideo(true);
  world.flush();
  assert.deepEqual(
    [words(offerer), words(answerer)],
    [
      [true, false],
      [false, true],
    ],
  );
  assert.equal(offerer.call?.mode, 'text');
  answerer.consentVideo(true);
  world.flush();
  for (const client of [offerer, answerer]) {
    const started = client.last('video.started');
    assert.deepEqual([started.match, started.epoch, started.transport], [match, epoch, 'all']);
  }
  assert.notEqual(offerer.last('video.started').receipt, receipt);
  offerer.sayLine('we can see each other');
  world.flush();
  assert.equal(answerer.call?.lines.length, 1);
});

test('[PR-46] relays SDP descriptions only after both users agreed to video', () => {
  const { world, offerer, answerer } = paired();
  offerer.consentVideo(true);
  offer(offerer);
  world.flush();
  assert.equal(offerer.last('signal.refused').reason, 'bad-description');
  answerer.consentVideo(true);
  world.flush();
  offer(offerer);
  world.flush();
  assert.equal(answerer.all('signal.offer').length, 1);
});

test('[PR-46] a refusal by either user clears both users’ video consent', () => {
  for (const who of ['asker', 'asked'] as const) {
    const { world, offerer, answerer } = paired();
    offerer.consentVideo(true);
    (who === 'asker' ? offerer : answerer).consentVideo(false);
    world.flush();
    assert.deepEqual(
      [words(offerer), words(answerer)],
      [
        [false, false],
        [false, false],
      ],
    );
    answerer.consentVideo(true);
    world.flush();
    assert.equal(offerer.all('video.started').length, 0, 'it is an offer of its own');
  }
});

test('[PR-46] refuses video consent under outdated rules without notifying the peer', () => {
  const { world, offerer, answerer } = paired();
  offerer.consentVideo(true, 2);
  world.flush();
  assert.equal(offerer.last('video.refused').reason, 'policy-changed');
  assert.equal(answerer.all('video.updated').length, 0);
});

test('[GW-35] refuses a switch to video without the required age declaration', () => {
  const { world, offerer, answerer } = paired();
  world.restart();
  // Pages repeat the age declaration after a node restart. Here, one of the two pages has not done
  // so yet.
  world.connect(offerer);
  world.connect(answerer);
  offerer.declareAge('adult');
  world.flush();
  assert.equal(offerer.last('call.restored').videoOffered, undefined);
  offerer.consentVideo(true);
  world.flush();
  assert.equal(offerer.last('video.refused').reason, 'age-required');
  answerer.declareAge('adult');
  answerer.consentVideo(true);
  world.flush();
  assert.deepEqual(words(offerer), [false, true]);
});

test('[GW-35a] limits requests for the next mode per user but not answers', () => {
  const { world, offerer, answerer } = paired();
  for (let i = 0; i < RUNG_REQUESTS_MAX; i++) {
    offerer.consentVideo(true);
    answerer.consentVideo(false);
    world.pass(RUNG_REQUEST_PAUSE_MS);
  }
  world.flush();
  assert.equal(offerer.all('video.refused').length, 0);
  offerer.consentVideo(true);
  world.flush();
  assert.equal(offerer.last('video.refused').reason, 'too-often');
  answerer.consentVideo(true);
  offerer.consentVideo(true);
  world.flush();
  assert.equal(offerer.all('video.started').length, 1);
});

test('[GW-35a] refuses a second request within a minute', () => {
  const { world, offerer, answerer } = paired();
  offerer.consentVideo(true);
  answerer.consentVideo(false);
  world.pass(RUNG_REQUEST_PAUSE_MS - 1);
  offerer.consentVideo(true);
  world.flush();
  assert.equal(offerer.last('video.refused').reason, 'too-often');
  world.pass(1);
  offerer.consentVideo(true);
  world.flush();
  assert.deepEqual(words(answerer), [false, true]);
});

test('[GW-35] ignores answers to a video offer once the call has video', () => {
  const { world, ada, bo } = paired('video');
  assert.equal(ada.last('match.found').videoOffered, undefined);
  for (const client of [ada, bo]) client.consentVideo(true);
  world.flush();
  assert.equal(ada.all('video.started').length + ada.all('video.updated').length, 0);
  const text = paired();
  text.offerer.consentVideo(false);
  text.world.flush();
  assert.equal(text.answerer.all('video.updated').length, 0);
});

test('[GW-36] after a restored call switches to video, the offerer must offer first', () => {
  const { world, offerer, answerer } = paired();
  world.restart();
  for (const client of [offerer, answerer]) {
    world.connect(client);
    client.declareAge('adult');
  }
  for (const client of [offerer, answerer]) client.consentVideo(true);
  world.flush();
  offer(answerer);
  world.flush();
  assert.equal(answerer.last('signal.refused').reason, 'wrong-role');
  offer(offerer);
  world.flush();
  assert.equal(answerer.all('signal.offer').length, 1);
});

test('[PR-61] restores a switched call as video if one user missed the switch', () => {
  for (const isHeard of [true, false]) {
    const { world, offerer, answerer } = paired();
    offerer.consentVideo(true);
    world.flush();
    answerer.misses = (text) => !isHeard && text.includes('video.started');
    answerer.consentVideo(true);
    world.flush();
    assert.equal(answerer.call?.mode, isHeard ? 'video' : 'text');
    answerer.misses = () => false;
    world.restart();
    for (const client of [offerer, answerer]) world.connect(client);
    assert.deepEqual([offerer.call?.mode, answerer.call?.mode], ['video', 'video']);
    // Restores the call with the same receipts, presented in the other order.
    world.restart();
    for (const client of [answerer, offerer]) world.connect(client);
    assert.deepEqual([offerer.call?.mode, answerer.call?.mode], ['video', 'video']);
  }
});

test('[PR-61] restores a text call as text and clears video consent', () => {
  const { world, offerer, answerer } = paired();
  offerer.consentVideo(true);
  world.flush();
  world.restart();
  for (const client of [offerer, answerer]) {
    world.connect(client);
    client.declareAge('adult');
  }
  answerer.consentVideo(true);
  world.flush();
  assert.deepEqual([offerer.call?.mode, words(offerer)], ['text', [false, true]]);
});

test('[GW-70] notifies the observer once of a switch to video', () => {
  const { world, offerer, answerer } = paired();
  for (const client of [offerer, answerer]) client.consentVideo(true);
  world.flush();
  const { match } = offerer.inCall();
  offerer.endCall('stop');
  world.flush();
  const told = world.events.filter(({ event }) => event === 'video-started');
  assert.deepEqual(told, [{ event: 'video-started', match }]);
  const end = world.events.find(({ event }) => event === 'call-ended');
  assert.ok(end !== undefined && 'mode' in end && end.mode === 'video');
});
