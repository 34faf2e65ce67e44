import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OWN_CHECK_MS, type Person, World } from '../src/fakes/world.ts';

const LADDER = ['text', 'voice', 'video'] as const;

/** Two users in a voice call, on a server that offers every way to meet. */
async function talking(): Promise<{ world: World; ada: Person; bo: Person }> {
  const world = new World();
  world.server.modes = LADDER;
  const [ada, bo] = [world.regular('ada'), world.regular('bo')];
  await world.time.quiet();
  for (const { app } of [ada, bo]) {
    app.navigation.start('voice');
    await world.time.advance(100);
    assert.equal(app.screen.value, 'green-room');
    app.navigation.continueToQueue();
    await world.time.advance(100);
  }
  await world.time.advance(1_000);
  return { world, ada, bo };
}

function open(world: World) {
  return world.rtc.open.filter(({ state }) => state === 'connected');
}

test('a voice search asks for the microphone and never for the camera', async () => {
  const { world, ada, bo } = await talking();
  for (const { app, devices } of [ada, bo]) {
    assert.deepEqual(
      devices.asked.map(({ video, audio }) => [video, audio !== false]),
      [[false, true]],
    );
    assert.equal(app.call.view.value?.mode, 'voice');
    assert.equal(app.devices.view.value.camera, 'absent');
    assert.equal(app.devices.selfStream.value, null);
  }
  world.assertNoFault();
});

test('the stranger’s voice plays only after Listen, and one press silences it', async () => {
  const { world, ada, bo } = await talking();
  assert.equal(ada.app.call.view.value?.flow, 'flowing');
  const heard = () => ada.app.call.peerStream.value?.getTracks().map(({ kind }) => kind);
  assert.equal(heard(), undefined);
  ada.app.call.show();
  await world.time.advance(10);
  assert.deepEqual(heard(), ['audio']);
  assert.equal(bo.app.call.view.value?.peer.cover, 'shown', 'the peer knows who listens');
  ada.app.call.cover();
  await world.time.advance(10);
  assert.equal(heard(), undefined);
  world.assertNoFault();
});

test('a connection for voice has no line for a picture', async () => {
  const { world } = await talking();
  assert.equal(open(world).length, 2);
  for (const { options, sent } of open(world)) {
    assert.deepEqual(options.kinds, ['audio']);
    assert.equal(sent.video, null);
  }
});

test('[PR-46] moves from voice to video when both agree, and back to voice by one', async () => {
  const { world, ada, bo } = await talking();
  for (const { app } of [ada, bo]) {
    assert.equal(app.call.view.value?.video?.to, 'video');
    app.call.video.value?.prepare();
    await world.time.advance(OWN_CHECK_MS);
    app.call.video.value?.agree();
    await world.time.advance(1_000);
  }
  for (const { app } of [ada, bo]) {
    assert.equal(app.screen.value, 'call-video');
    assert.deepEqual(
      [app.call.view.value?.flow, app.call.view.value?.cover],
      ['flowing', 'covered'],
    );
  }
  assert.ok(open(world).every(({ options }) => options.kinds.includes('video')));
  const camera = ada.devices.track('video');
  bo.app.call.show();
  ada.app.call.lower('voice');
  assert.equal(camera.readyState, 'ended', 'the camera is off at once');
  assert.ok(open(world).length < 2, 'and the connection is closed at once');
  await world.time.advance(1_000);
  for (const { app } of [ada, bo]) {
    const view = app.call.view.value;
    assert.deepEqual([view?.mode, view?.cover, view?.flow], ['voice', 'covered', 'flowing']);
    assert.equal(app.devices.view.value.camera, 'absent');
    assert.equal(app.devices.view.value.microphone, 'on');
  }
  assert.equal(bo.app.call.view.value?.video?.refused, 'lowered-voice');
  assert.ok(open(world).every(({ options }) => !options.kinds.includes('video')));
  world.assertNoFault();
});

test('a call that goes down to text closes every device and connection', async () => {
  const { world, ada, bo } = await talking();
  const microphone = ada.devices.track('audio');
  ada.app.call.lower('text');
  assert.equal(microphone.readyState, 'ended');
  await world.time.advance(1_000);
  assert.equal(open(world).length, 0);
  for (const { app } of [ada, bo]) {
    assert.equal(app.screen.value, 'call-text');
    assert.equal(app.devices.view.value.state, 'not-asked');
  }
  assert.equal(bo.app.call.view.value?.video?.refused, 'lowered-text');
  ada.app.chat.setDraft('still here');
  ada.app.chat.sendLine();
  await world.time.advance(10);
  assert.equal(bo.app.chat.view.value?.lines.length, 1);
  world.assertNoFault();
});

test('declining video in a voice call turns off the camera and keeps the microphone', async () => {
  const { world, ada } = await talking();
  ada.app.call.video.value?.prepare();
  await world.time.advance(OWN_CHECK_MS);
  assert.equal(ada.app.devices.view.value.camera, 'on');
  ada.app.call.video.value?.decline();
  await world.time.advance(10);
  assert.deepEqual(
    [ada.app.devices.view.value.camera, ada.app.devices.view.value.microphone],
    ['absent', 'on'],
  );
});

test('Next in a voice call searches by voice with the microphone alone', async () => {
  const { world, ada } = await talking();
  ada.app.navigation.next();
  await world.time.advance(500);
  ada.app.navigation.next();
  await world.time.advance(500);
  const search = world.server.waiting.at(-1);
  assert.equal(search?.ticket.mode, 'voice');
  assert.equal(ada.app.devices.view.value.camera, 'absent');
});

test('Next after a call that went down searches by video with the camera again', async () => {
  const world = new World();
  world.server.modes = LADDER;
  const [ada, bo] = await world.meet('video');
  ada.app.call.lower('voice');
  await world.time.advance(1_000);
  assert.equal(ada.app.devices.view.value.camera, 'absent');
  bo.app.navigation.stop();
  await world.time.advance(1_000);
  ada.app.navigation.next();
  await world.time.advance(OWN_CHECK_MS + 1_000);
  assert.equal(world.server.waiting.at(-1)?.ticket.mode, 'video');
  assert.equal(ada.app.devices.view.value.camera, 'on');
});

test('[PR-31c] a search names the lowest mode at which the user starts', async () => {
  const world = new World();
  world.server.modes = LADDER;
  const { app } = world.regular('ada', { startsFrom: 'text' });
  await world.time.quiet();
  app.navigation.start('video');
  await world.time.advance(OWN_CHECK_MS + 100);
  assert.deepEqual(
    world.server.waiting.map(({ ticket }) => [ticket.mode, ticket.lowest]),
    [['video', 'text']],
  );
  app.navigation.searchBy('text');
  await world.time.advance(500);
  assert.deepEqual(
    world.server.waiting.map(({ ticket }) => [ticket.mode, ticket.lowest]),
    [['text', undefined]],
  );
});
