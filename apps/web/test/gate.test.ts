import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OWN_CHECK_MS, World } from '../src/fakes/world.ts';
import { opened } from './support/opened.ts';

test('requests camera and microphone on the press that accepts the rules', async () => {
  const { world, app, devices } = await opened('first');
  app.navigation.start('video');
  await world.time.quiet();
  assert.equal(devices.asked.length, 0, 'Start asks for no device');
  app.navigation.acceptRules();
  await world.time.quiet();
  assert.equal(devices.asked.length, 1);
  assert.equal(app.devices.view.value.state, 'ready');
  await world.time.advance(OWN_CHECK_MS);
  assert.equal(app.screen.value, 'green-room', 'a stranger comes only after another press');
  app.navigation.continueToQueue();
  await world.time.quiet();
  assert.equal(app.screen.value, 'waiting');
});

test('loads the shield only once Start is pressed, and never for text', async () => {
  const { world, app } = await opened('first');
  assert.equal(app.shield.classifier.value.state, 'idle');
  app.navigation.start('text');
  await world.time.quiet();
  assert.equal(app.shield.classifier.value.state, 'idle');
  app.navigation.home();
  app.navigation.start('video');
  await world.time.quiet();
  assert.equal(app.screen.value, 'rules');
  assert.equal(app.shield.classifier.value.state, 'loading');
});

test('shows the green room until the user has seen its address-exposure note', async () => {
  const world = new World();
  const { app } = world.regular('ada', { exposureRead: 'relay' });
  await world.time.quiet();
  app.navigation.start('video');
  await world.time.advance(OWN_CHECK_MS);
  assert.equal(app.screen.value, 'green-room', 'calls are direct here');
  app.navigation.continueToQueue();
  await world.time.quiet();
  assert.equal(app.screen.value, 'waiting');
  app.navigation.stop();
  app.navigation.start('video');
  await world.time.advance(OWN_CHECK_MS);
  assert.equal(app.screen.value, 'waiting');
});

test('skips the relayed-calls note for a user who read about direct calls', async () => {
  for (const exposureRead of ['relay', 'direct'] as const) {
    const world = new World();
    world.node.facts = { ...world.node.facts, relay: 'always', hasTurn: true };
    const { app } = world.regular('ada', { exposureRead });
    await world.time.quiet();
    app.navigation.start('video');
    await world.time.advance(OWN_CHECK_MS);
    assert.equal(app.screen.value, 'waiting');
  }
});

test('shows the green room if address exposure becomes known only after Start', async () => {
  const world = new World();
  world.node.link.mode = 'refuse';
  const { app, devices } = world.regular('ada', { exposureRead: 'relay' });
  await world.time.quiet();
  const { promise, resolve: answer } = Promise.withResolvers<void>();
  devices.gate = promise;
  app.navigation.start('video');
  world.node.link.mode = 'pass';
  await world.time.advance(60_000);
  answer();
  await world.time.advance(OWN_CHECK_MS);
  assert.equal(app.screen.value, 'green-room');
});

test('stays in the green room if the browser had to ask for the camera', async () => {
  const { world, app, devices } = await opened('later');
  devices.permissions = { camera: 'prompt', microphone: 'granted' };
  app.navigation.start('video');
  await world.time.advance(OWN_CHECK_MS);
  assert.equal(app.screen.value, 'green-room');
  assert.equal(app.devices.view.value.state, 'ready');
  app.navigation.continueToQueue();
  await world.time.quiet();
  assert.equal(app.screen.value, 'waiting');
});

test('needs no press besides Start after one visit to the green room', async () => {
  const { world, app, devices } = await opened('later');
  devices.permissions = { camera: 'prompt', microphone: 'prompt' };
  app.navigation.start('video');
  await world.time.advance(OWN_CHECK_MS);
  app.navigation.continueToQueue();
  await world.time.quiet();
  app.navigation.stop();
  devices.permissions = { camera: 'prompt', microphone: 'prompt' };
  app.navigation.start('video');
  await world.time.advance(OWN_CHECK_MS);
  assert.equal(app.screen.value, 'waiting');
});

test('starts the search at once in a browser that reveals no permissions', async () => {
  const { world, app, devices } = await opened('later');
  devices.permissions = { camera: null, microphone: null };
  app.navigation.start('video');
  await world.time.advance(OWN_CHECK_MS);
  assert.equal(app.screen.value, 'waiting');
});

test('shows a returning user the green room after changed rules', async () => {
  const world = new World();
  world.node.facts = { ...world.node.facts, policyVersion: 2 };
  const { app } = world.regular('ada');
  await world.time.quiet();
  app.navigation.start('video');
  app.navigation.acceptRules();
  await world.time.advance(OWN_CHECK_MS);
  assert.equal(app.screen.value, 'green-room', 'as the rules promise');
});

test('animates only the transition from the green room to the search', async () => {
  const world = new World();
  const screens: string[] = [];
  const ports = {
    morph: (change: () => void) => {
      screens.push(app.screen.value);
      change();
      screens.push(app.screen.value);
    },
  };
  const { app } = world.person('ada', { preferences: { rulesVersion: 1 }, ports });
  await world.time.quiet();
  app.navigation.start('video');
  await world.time.advance(OWN_CHECK_MS);
  app.navigation.continueToQueue();
  await world.time.quiet();
  app.navigation.stop();
  app.navigation.start('video');
  await world.time.advance(OWN_CHECK_MS);
  assert.equal(app.screen.value, 'waiting');
  assert.deepEqual(screens, ['green-room', 'waiting']);
});

test('ends the transition to the search when a match is found, before answering it', async () => {
  const world = new World();
  const hasAnswered = (): boolean =>
    world.server.said.some(({ message }) => message.type === 'signal.answer');
  const skips: (readonly [string, boolean])[] = [];
  const ports = { skipMorph: () => skips.push([app.screen.value, hasAnswered()]) };
  const { app } = world.person('ada', { preferences: { rulesVersion: 1 }, ports });
  const bo = world.regular('bo');
  await world.time.quiet();
  bo.app.navigation.start('video');
  await world.time.advance(OWN_CHECK_MS);
  app.navigation.start('video');
  await world.time.advance(OWN_CHECK_MS);
  assert.deepEqual(skips, []);
  app.navigation.continueToQueue();
  await world.time.quiet();
  assert.equal(hasAnswered(), true);
  assert.deepEqual(skips, [['waiting', false]]);
});
