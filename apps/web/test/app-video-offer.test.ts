import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLEAN, EXPLICIT } from '../src/fakes/fake-classifier.ts';
import { deviceError, listed } from '../src/fakes/fake-devices.ts';
import { OWN_CHECK_MS, type Person, type World } from '../src/fakes/world.ts';
import { met, type Two } from './support/opened.ts';

const videoOf = ({ app }: Person) =>
  app.call.view.value?.video ?? assert.fail('video is not offered');

/**
 * Waits until the user's own picture has passed its check. The user doesn't consent to video
 * yet.
 */
async function getReady(world: World, { app }: Person): Promise<void> {
  app.call.video.value?.prepare();
  await world.time.advance(OWN_CHECK_MS);
}

/** A text call in which Ada has offered video to Bo. */
async function asked(): Promise<Two> {
  const { world, ada, bo } = await met('text');
  await getReady(world, ada);
  ada.app.call.video.value?.agree();
  await world.time.advance(10);
  return { world, ada, bo };
}

/** A call that changed from text to video because Bo accepted Ada's offer. */
async function upgraded(): Promise<Two> {
  const two = await asked();
  await getReady(two.world, two.bo);
  two.bo.app.call.video.value?.agree();
  await two.world.time.advance(500);
  return two;
}

test('[PR-46] changes a text call to video after both preview and consent', async () => {
  const { world, ada, bo } = await met('text');
  assert.equal(videoOf(ada).state, 'possible');
  ada.app.call.video.value?.prepare();
  await world.time.advance(10);
  assert.notEqual(ada.app.devices.selfStream.value, null);
  assert.deepEqual([videoOf(ada).state, videoOf(ada).mayAgree], ['getting-ready', false]);
  ada.app.call.video.value?.agree();
  assert.ok(!world.server.saidBy('ada').includes('video.consent'), 'not before the check');
  await world.time.advance(OWN_CHECK_MS);
  assert.equal(videoOf(ada).mayAgree, true);
  assert.equal(videoOf(bo).state, 'possible', 'nothing was said yet');
  ada.app.call.video.value?.agree();
  await world.time.advance(10);
  assert.deepEqual([videoOf(ada).state, videoOf(bo).state], ['waiting', 'theirs']);
  assert.equal(bo.devices.asked.length, 0, 'a question takes nobody’s camera');
  ada.app.chat.setDraft('half a thought');
  await getReady(world, bo);
  assert.equal(world.rtc.connections.length, 0);
  bo.app.call.video.value?.agree();
  await world.time.advance(1_000);
  for (const { app } of [ada, bo]) {
    assert.equal(app.screen.value, 'call-video');
    assert.equal(app.call.view.value?.flow, 'flowing');
    assert.deepEqual([app.call.view.value.cover, app.call.peerStream.value], ['covered', null]);
  }
  assert.equal(ada.app.chat.view.value?.draft, 'half a thought');
  ada.app.call.show();
  await world.time.advance(10);
  assert.notEqual(ada.app.call.peerStream.value, null);
  world.assertNoFault();
});

test('turns the camera off when the peer declines video; keeps the chat', async () => {
  const { world, ada, bo } = await asked();
  const camera = ada.devices.track('video');
  bo.app.call.video.value?.decline();
  await world.time.advance(10);
  assert.deepEqual([videoOf(ada).state, videoOf(ada).refused], ['possible', 'not-now']);
  assert.equal(videoOf(bo).state, 'possible');
  assert.deepEqual([camera.readyState, ada.app.devices.selfStream.value], ['ended', null]);
  assert.equal(ada.app.screen.value, 'call-text');
  ada.app.chat.setDraft('fine');
  ada.app.chat.sendLine();
  await world.time.advance(10);
  assert.equal(bo.app.chat.view.value?.lines.length, 1);
});

test('turns the camera off when the user withdraws a video offer', async () => {
  const { world, ada, bo } = await asked();
  ada.app.call.video.value?.decline();
  await world.time.advance(10);
  assert.deepEqual([videoOf(bo).state, videoOf(ada).refused], ['possible', null]);
  assert.equal(ada.devices.track('video').readyState, 'ended');
});

test("[SH-40] blocks consent to video while the user's own picture is explicit", async () => {
  const { world, ada, bo } = await met('text');
  ada.classifier.scores = EXPLICIT;
  await getReady(world, ada);
  assert.equal(videoOf(ada).mayAgree, false);
  ada.app.call.video.value?.agree();
  assert.ok(!world.server.saidBy('ada').includes('video.consent'));
  ada.classifier.scores = CLEAN;
  await world.time.advance(5_000);
  ada.app.call.video.value?.agree();
  await world.time.advance(10);
  assert.equal(videoOf(bo).state, 'theirs');
  ada.classifier.scores = EXPLICIT;
  await world.time.advance(3_000);
  assert.deepEqual([videoOf(ada).state, videoOf(bo).state], ['possible', 'possible']);
});

test('shows why the camera is missing and accepts a sound-only offer', async () => {
  const { world, ada, bo } = await met('text');
  ada.devices.failures = [deviceError('NotFoundError')];
  ada.devices.there = [listed('microphone', 'm1')];
  ada.app.call.video.value?.prepare();
  await world.time.advance(10);
  assert.equal(ada.app.devices.view.value.failure?.kind, 'not-found');
  assert.deepEqual([videoOf(ada).state, ada.app.screen.value], ['getting-ready', 'call-text']);
  ada.app.call.video.value?.prepare({ camera: false, microphone: true });
  await world.time.advance(10);
  ada.app.call.video.value?.agree();
  await world.time.advance(10);
  assert.equal(videoOf(bo).state, 'theirs');
});

test('turns the offered camera off when either user ends the call', async () => {
  for (const leaves of ['stop', 'peer'] as const) {
    const { world, ada, bo } = await asked();
    const camera = ada.devices.track('video');
    (leaves === 'stop' ? ada : bo).app.navigation.stop();
    await world.time.advance(10);
    assert.equal(camera.readyState, 'ended');
  }
});

test('turns the camera off when a call that became video ends', async () => {
  const { world, ada, bo } = await upgraded();
  assert.equal(ada.devices.track('video').readyState, 'live');
  bo.app.navigation.stop();
  await world.time.advance(10);
  assert.deepEqual(
    [ada.app.screen.value, ada.devices.track('video').readyState],
    ['ended', 'ended'],
  );
});

test('[PR-61] restores a text call that became video after a server restart', async () => {
  const { world, ada, bo } = await upgraded();
  world.server.restart();
  await world.time.advance(10_000);
  for (const { app } of [ada, bo]) {
    assert.equal(app.call.view.value?.mode, 'video');
    assert.equal(app.call.view.value.restoring, false);
  }
  world.assertNoFault();
});
