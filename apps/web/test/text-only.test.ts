import assert from 'node:assert/strict';
import { test } from 'node:test';
import { effect } from '@preact/signals';
import { OWN_CHECK_MS, type Person } from '../src/fakes/world.ts';
import { seeing } from './support/opened.ts';

const switches = ({ app }: Person) => {
  const { camera, microphone } = app.devices.view.value;
  return {
    camera,
    microphone,
    cover: app.call.view.value?.cover,
    textOnly: app.call.textOnly.on.value,
  };
};
const ALL_ON = { camera: 'on', microphone: 'on', cover: 'shown', textOnly: false };
const ALL_OFF = { camera: 'off', microphone: 'off', cover: 'covered', textOnly: true };

test('switches a call to text-only mode and back, and notifies the peer', async () => {
  const { world, ada, bo } = await seeing();
  assert.deepEqual(switches(ada), ALL_ON);
  ada.app.call.textOnly.set(true);
  assert.deepEqual(switches(ada), ALL_OFF);
  assert.equal(ada.app.call.peerStream.value, null);
  await world.time.advance(50);
  const { camera, microphone, cover } = bo.app.call.view.value?.peer ?? assert.fail('no call');
  assert.deepEqual([camera, microphone, cover], ['off', 'off', 'covered']);
  ada.app.call.textOnly.set(false);
  await world.time.advance(50);
  assert.deepEqual(switches(ada), ALL_ON);
  assert.equal(bo.app.call.view.value?.peer.camera, 'on');
  world.assertNoFault();
});

test('changes camera, microphone and cover at once for text-only mode', async () => {
  const { ada } = await seeing();
  const seen: unknown[] = [];
  const stop = effect(() => void seen.push(switches(ada)));
  ada.app.call.textOnly.set(true);
  ada.app.call.textOnly.set(false);
  stop();
  assert.deepEqual(seen, [ALL_ON, ALL_OFF, ALL_ON]);
});

test('leaves devices off that were off before text-only mode', async () => {
  const { ada } = await seeing();
  ada.app.devices.toggle('video');
  ada.app.call.cover();
  ada.app.call.textOnly.set(true);
  ada.app.call.textOnly.set(false);
  assert.deepEqual(switches(ada), { ...ALL_ON, camera: 'off', cover: 'covered' });
});

test('ends text-only mode when the user switches a device on', async () => {
  const { ada } = await seeing();
  ada.app.call.textOnly.set(true);
  ada.app.devices.toggle('audio');
  assert.deepEqual(switches(ada), { ...ALL_OFF, microphone: 'on', textOnly: false });
  ada.app.call.textOnly.set(false);
  assert.equal(switches(ada).camera, 'off');
});

test('ends text-only mode with the call and turns no camera on', async () => {
  const { world, ada } = await seeing();
  ada.app.call.textOnly.set(true);
  ada.app.navigation.stop();
  assert.equal(ada.app.call.textOnly.on.value, false);
  await world.time.advance(1_000);
  ada.app.call.textOnly.set(true);
  assert.equal(ada.app.call.textOnly.on.value, false);
  ada.app.navigation.next();
  await world.time.advance(OWN_CHECK_MS);
  const { camera, microphone } = ada.app.devices.view.value;
  assert.deepEqual([ada.app.screen.value, camera, microphone], ['waiting', 'off', 'off']);
});

test('ignores the text-only switch while Next awaits confirmation', async () => {
  const { world, ada } = await seeing();
  ada.app.navigation.next();
  ada.app.call.textOnly.set(true);
  assert.equal(ada.app.call.textOnly.on.value, false);
  await world.time.advance(4_000);
  assert.deepEqual(switches(ada), ALL_ON);
});

test('gives both ends of a call the same session descriptions', async () => {
  const { world, ada, bo } = await seeing();
  const [hers, his] = [ada, bo].map(({ app }) => app.call.descriptions.value);
  assert.ok(hers && his);
  assert.deepEqual(hers, { own: his.peer, peer: his.own });
  ada.app.navigation.stop();
  assert.equal(ada.app.call.descriptions.value, null);
  await world.time.advance(100);
  assert.equal(bo.app.call.descriptions.value, null);
});
