import assert from 'node:assert/strict';
import { test } from 'node:test';
import { effect } from '@preact/signals';
import { textOnlyOf } from '../src/call/text-only.ts';
import { OWN_CHECK_MS, type Person, World } from './support/world.ts';

/** Two who see each other. */
async function together(): Promise<[World, Person, Person]> {
  const world = new World();
  const [ada, bo] = await world.meet('video');
  await world.time.advance(1_000);
  for (const { app } of [ada, bo]) app.showPeer();
  await world.time.advance(100);
  return [world, ada, bo];
}

const switches = ({ app }: Person) => {
  const { camera, microphone } = app.devices.value;
  return { camera, microphone, cover: app.call.value?.cover, textOnly: textOnlyOf(app).on.value };
};
const ALL_ON = { camera: 'on', microphone: 'on', cover: 'shown', textOnly: false };
const ALL_OFF = { camera: 'off', microphone: 'off', cover: 'covered', textOnly: true };

test('text only is one press there and one back, and the other side is told', async () => {
  const [world, ada, bo] = await together();
  assert.deepEqual(switches(ada), ALL_ON);
  textOnlyOf(ada.app).set(true);
  assert.deepEqual(switches(ada), ALL_OFF);
  assert.equal(ada.app.peerStream.value, null);
  await world.time.advance(50);
  const { camera, microphone, cover } = bo.app.call.value?.peer ?? assert.fail('no call');
  assert.deepEqual([camera, microphone, cover], ['off', 'off', 'covered']);
  textOnlyOf(ada.app).set(false);
  await world.time.advance(50);
  assert.deepEqual(switches(ada), ALL_ON);
  assert.equal(bo.app.call.value?.peer.camera, 'on');
  world.assertNoFault();
});

test('text only is one change, of which a reader hears once, and not three', async () => {
  const [, ada] = await together();
  const seen: unknown[] = [];
  const stop = effect(() => void seen.push(switches(ada)));
  textOnlyOf(ada.app).set(true);
  textOnlyOf(ada.app).set(false);
  stop();
  assert.deepEqual(seen, [ALL_ON, ALL_OFF, ALL_ON]);
});

test('what was off before text only stays off after it', async () => {
  const [, ada] = await together();
  ada.app.toggleCamera();
  ada.app.coverPeer();
  textOnlyOf(ada.app).set(true);
  textOnlyOf(ada.app).set(false);
  assert.deepEqual(switches(ada), { ...ALL_ON, camera: 'off', cover: 'covered' });
});

test('a switch that is pressed by itself ends text only, and nothing else comes on', async () => {
  const [, ada] = await together();
  textOnlyOf(ada.app).set(true);
  ada.app.toggleMicrophone();
  assert.deepEqual(switches(ada), { ...ALL_OFF, microphone: 'on', textOnly: false });
  textOnlyOf(ada.app).set(false);
  assert.equal(switches(ada).camera, 'off');
});

test('text only ends with the call, and no camera comes on in the next one', async () => {
  const [world, ada] = await together();
  textOnlyOf(ada.app).set(true);
  ada.app.stop();
  assert.equal(textOnlyOf(ada.app).on.value, false);
  await world.time.advance(1_000);
  textOnlyOf(ada.app).set(true);
  assert.equal(textOnlyOf(ada.app).on.value, false);
  ada.app.next();
  await world.time.advance(OWN_CHECK_MS);
  const { camera, microphone } = ada.app.devices.value;
  assert.deepEqual([ada.app.screen.value, camera, microphone], ['waiting', 'off', 'off']);
});

test('while “Really?” is asked text only has nothing to switch', async () => {
  const [world, ada] = await together();
  ada.app.next();
  textOnlyOf(ada.app).set(true);
  assert.equal(textOnlyOf(ada.app).on.value, false);
  await world.time.advance(4_000);
  assert.deepEqual(switches(ada), ALL_ON);
});

test('both ends know the same two descriptions while they are connected, and none after', async () => {
  const [world, ada, bo] = await together();
  const [hers, his] = [ada, bo].map(({ app }) => app.descriptions.value);
  assert.ok(hers && his);
  assert.deepEqual(hers, { own: his.peer, peer: his.own });
  ada.app.stop();
  assert.equal(ada.app.descriptions.value, null);
  await world.time.advance(100);
  assert.equal(bo.app.descriptions.value, null);
});
