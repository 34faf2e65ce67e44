import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HIDDEN_MATCH_MS, NEXT_GUARD_MS } from '../src/call/limits.ts';
import { OWN_CHECK_MS, type Person } from '../src/fakes/world.ts';
import { ASKING_SHOWS_AFTER_MS } from '../src/state/green-room-pass.ts';
import { met } from './support/opened.ts';

const isFilmed = ({ devices }: Person): boolean =>
  devices.given.some(({ readyState, clones }) =>
    [readyState, ...clones.map((clone) => clone.readyState)].includes('live'),
  );

const ENDS = {
  stop: ({ app }) => app.navigation.stop(),
  report: ({ app }) => {
    app.report.open();
    app.report.send('hate');
  },
  block: ({ app }) => app.records.block(),
} as const satisfies Record<string, (person: Person) => void>;

for (const [name, end] of Object.entries(ENDS)) {
  test(`${name} turns the devices off at once; Next requests them again`, async () => {
    const { world, ada } = await met('video');
    assert.equal(isFilmed(ada), true);
    end(ada);
    // The devices must stop synchronously, so these assertions run before any await.
    assert.deepEqual([isFilmed(ada), ada.app.devices.selfStream.value], [false, null]);
    assert.equal(ada.app.screen.value, 'ended');
    await world.time.advance(5_000);
    const asked = ada.devices.asked.length;
    ada.app.navigation.next();
    // A second press of Next doesn't skip the check of the user's own picture.
    ada.app.navigation.next();
    await world.time.advance(1);
    assert.equal(ada.app.screen.value, 'ended', 'there is no other screen on the way');
    await world.time.advance(OWN_CHECK_MS);
    assert.equal(ada.app.screen.value, 'waiting');
    assert.deepEqual([ada.devices.asked.length, isFilmed(ada)], [asked + 1, true]);
    world.assertNoFault();
  });
}

test('keeps the camera on for Next when the peer ended the call', async () => {
  const { world, ada, bo } = await met('video');
  ada.app.navigation.stop();
  await world.time.advance(1_000);
  assert.deepEqual([bo.app.call.ended.value?.reason, isFilmed(bo)], ['left', true]);
  bo.app.navigation.next();
  assert.equal(bo.app.screen.value, 'waiting');
  assert.equal(bo.devices.asked.length, 1);
});

test('turns the camera off after a match that a hidden page missed', async () => {
  const { world, ada } = await met('video');
  ada.app.navigation.stop();
  await world.time.advance(NEXT_GUARD_MS);
  ada.app.navigation.next();
  await world.time.advance(OWN_CHECK_MS);
  ada.setHidden(true);
  const cleo = world.regular('cleo');
  await world.time.quiet();
  cleo.app.navigation.start('video');
  await world.time.advance(OWN_CHECK_MS + HIDDEN_MATCH_MS + 1_000);
  assert.equal(ada.app.call.ended.value?.reason, 'away');
  assert.equal(isFilmed(ada), false);
});

test('keeps camera and microphone switched off for the next call', async () => {
  for (const device of ['camera', 'microphone'] as const) {
    const { world, ada } = await met('video');
    if (device === 'camera') ada.app.devices.toggle('video');
    else ada.app.devices.toggle('audio');
    ada.app.navigation.stop();
    await world.time.advance(1_000);
    ada.app.navigation.escape();
    await world.time.advance(OWN_CHECK_MS);
    const { camera, microphone } = ada.app.devices.view.value;
    assert.deepEqual({ camera, microphone }, { camera: 'on', microphone: 'on', [device]: 'off' });
    // A search that the user starts on the landing requests the devices as usual.
    ada.app.navigation.stop();
    ada.app.navigation.start('video');
    await world.time.advance(OWN_CHECK_MS);
    assert.equal(ada.app.devices.view.value[device], 'on');
  }
});

test('shows the green room while device permission is pending after Next', async () => {
  const { world, ada } = await met('video');
  ada.app.navigation.stop();
  const { promise, resolve: answer } = Promise.withResolvers<void>();
  ada.devices.gate = promise;
  // The test waits here, because Stop right after the end of a call would count as the second half
  // of a double click.
  await world.time.advance(10);
  ada.app.navigation.next();
  await world.time.advance(ASKING_SHOWS_AFTER_MS - 1);
  assert.equal(ada.app.screen.value, 'ended');
  await world.time.advance(1);
  assert.deepEqual([ada.app.screen.value, ada.app.call.ended.value], ['green-room', null]);
  answer();
  await world.time.advance(OWN_CHECK_MS);
  assert.equal(ada.app.screen.value, 'waiting', 'it goes on by itself');
});

test('keeps a user on the landing who left while devices were pending', async () => {
  const { world, ada } = await met('video');
  ada.app.navigation.stop();
  await world.time.advance(NEXT_GUARD_MS);
  ada.app.navigation.next();
  ada.app.navigation.home();
  await world.time.advance(OWN_CHECK_MS);
  assert.deepEqual([ada.app.screen.value, isFilmed(ada)], ['landing', false]);
});
