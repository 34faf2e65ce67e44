import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceFailureOf, type FailureFacts } from '../src/devices/device-failure.ts';
import { deviceError } from '../src/fakes/fake-devices.ts';
import { settle } from '../src/fakes/fake-time.ts';
import { ownDevices } from './support/devices.ts';

const FACTS: FailureFacts = {
  wanted: { camera: true, microphone: true },
  camera: 'prompt',
  microphone: 'prompt',
  cameras: 1,
  microphones: 1,
};

test('maps each browser error to a kind of device failure', () => {
  const kindOf = (name: string, message = '', facts: Partial<FailureFacts> = {}): string =>
    deviceFailureOf(deviceError(name, message), { ...FACTS, ...facts }).kind;
  assert.equal(kindOf('NotAllowedError', 'Permission dismissed'), 'dismissed');
  assert.equal(kindOf('NotAllowedError', 'Permission denied'), 'dismissed');
  assert.equal(kindOf('NotAllowedError', 'Permission denied', { camera: 'denied' }), 'blocked');
  assert.equal(kindOf('NotAllowedError', 'Permission denied by system'), 'blocked-by-system');
  assert.equal(
    kindOf('NotAllowedError', '', { camera: 'granted', microphone: 'granted' }),
    'blocked-by-system',
  );
  assert.equal(kindOf('NotAllowedError', '', { camera: null, microphone: null }), 'dismissed');
  assert.equal(kindOf('NotFoundError'), 'not-found');
  assert.equal(kindOf('NotReadableError'), 'in-use');
  assert.equal(kindOf('AbortError'), 'in-use');
  assert.equal(kindOf('TypeError'), 'unsupported');
  assert.equal(kindOf('OverconstrainedError'), 'failed');
  assert.equal(deviceFailureOf('not even an error', FACTS).kind, 'failed');
});

test('names the device that failed, if the browser says which', () => {
  const deviceOf = (name: string, facts: Partial<FailureFacts> = {}): string =>
    deviceFailureOf(deviceError(name), { ...FACTS, ...facts }).device;
  assert.equal(deviceOf('NotFoundError', { cameras: 0 }), 'camera');
  assert.equal(deviceOf('NotFoundError', { microphones: 0 }), 'microphone');
  assert.equal(deviceOf('NotFoundError', { cameras: 0, microphones: 0 }), 'both');
  assert.equal(deviceOf('NotFoundError', { cameras: null, microphones: null }), 'both');
  assert.equal(deviceOf('NotAllowedError', { microphone: 'denied' }), 'microphone');
  assert.equal(
    deviceOf('NotReadableError', { wanted: { camera: false, microphone: true } }),
    'microphone',
  );
  const taken = (message: string): string =>
    deviceFailureOf(deviceError('NotReadableError', message), FACTS).device;
  assert.equal(taken('Could not start video source'), 'camera');
  assert.equal(taken('Could not start audio source'), 'microphone');
  assert.equal(taken('Failed to allocate videosource'), 'camera');
  assert.equal(taken('Failed to allocate audiosource'), 'microphone');
  assert.equal(taken('The I/O read operation failed.'), 'both');
});

test('shows granted devices and gives calls clones of their tracks', async () => {
  const { devices, own } = ownDevices();
  assert.equal(own.view.value.state, 'not-asked');
  const asked = own.ask();
  assert.equal(own.view.value.state, 'asking');
  assert.equal(await asked, true);
  assert.deepEqual(own.view.value, {
    state: 'ready',
    failure: null,
    camera: 'on',
    microphone: 'on',
  });
  assert.deepEqual(own.selfStream.value?.getTracks(), [devices.track('video')]);
  assert.equal(own.tracks.video, devices.track('video').clones[0]);
  assert.notEqual(own.tracks.video, devices.track('video'));
});

test('reports a browser without device access without requesting devices', async () => {
  const { devices, own } = ownDevices();
  devices.support = 'unsupported';
  assert.equal(await own.ask(), false);
  assert.deepEqual(own.view.value.failure, { kind: 'unsupported', device: 'both' });
  assert.equal(devices.asked.length, 0);
});

test('requests devices again without constraints if none can meet the constraints', async () => {
  const { devices, own } = ownDevices();
  devices.failures = [deviceError('OverconstrainedError')];
  assert.equal(await own.ask(), true);
  assert.deepEqual(devices.asked[1], { video: true, audio: true });
  devices.failures = [deviceError('OverconstrainedError'), deviceError('OverconstrainedError')];
  own.release();
  assert.equal(await own.ask(), false);
  assert.equal(own.view.value.failure?.kind, 'failed');
});

test('requests a microphone without a camera', async () => {
  const { own } = ownDevices();
  assert.equal(await own.ask({ camera: false, microphone: true }), true);
  assert.equal(own.view.value.camera, 'absent');
  assert.equal(own.tracks.video, null);
  assert.equal(own.selfStream.value, null);
});

test('requests devices again when the user restores permission in the browser', async () => {
  const { devices, own } = ownDevices();
  devices.failures = [deviceError('NotAllowedError', 'Permission denied')];
  devices.permissions = { camera: 'denied', microphone: 'denied' };
  await own.ask();
  assert.equal(own.view.value.failure?.kind, 'blocked');
  devices.setPermission('denied');
  await settle();
  assert.equal(own.view.value.state, 'failed');
  devices.setPermission('granted');
  await settle();
  assert.equal(own.view.value.state, 'ready');
  assert.equal(devices.listeners, 0);
});

test("stops sending synchronously but keeps the user's own preview", async () => {
  const { devices, own } = ownDevices();
  await own.ask();
  own.setSending(false);
  assert.equal(own.tracks.video?.enabled, false);
  assert.equal(own.tracks.audio?.enabled, false);
  assert.equal(devices.track('video').enabled, true);
  own.setSending(true);
  assert.equal(own.tracks.video?.enabled, true);
});

test('keeps a camera switched off after a pause and a restart', async () => {
  const { own } = ownDevices();
  await own.ask();
  own.toggle('video');
  assert.equal(own.view.value.camera, 'off');
  own.setSending(false);
  own.setSending(true);
  assert.equal(own.tracks.video?.enabled, false);
  await own.restart();
  assert.equal(own.view.value.camera, 'off');
  assert.equal(own.tracks.video?.enabled, false);
  own.toggle('video');
  assert.equal(own.tracks.video?.enabled, true);
});

test('reports a lost camera and gets a new track on restart', async () => {
  const { devices, own, changes } = ownDevices();
  await own.ask();
  const before = own.tracks;
  const count = changes();
  devices.track('video').end();
  assert.equal(own.view.value.camera, 'interrupted');
  assert.ok(changes() > count);
  own.toggle('video');
  assert.equal(own.view.value.camera, 'interrupted', 'a switch does not bring it back');
  assert.equal(await own.restart(), true);
  assert.equal(own.view.value.camera, 'on');
  assert.notEqual(own.tracks.video, before.video);
  assert.equal(before.video?.readyState, 'ended');
});

test('replaces a microphone track whose interruption has ended', async () => {
  const { devices, own } = ownDevices();
  await own.ask();
  const before = devices.track('audio');
  before.setMuted(true);
  assert.equal(own.view.value.microphone, 'interrupted');
  before.setMuted(false);
  assert.equal(own.view.value.microphone, 'interrupted', 'not before a fresh one is there');
  await settle();
  assert.equal(own.view.value.microphone, 'on');
  assert.notEqual(devices.track('audio'), before);
  assert.equal(before.readyState, 'ended');
  assert.equal(own.tracks.audio, devices.track('audio').clones[0]);
});

test('keeps the interrupted device track if no new one is available', async () => {
  const { devices, own } = ownDevices();
  await own.ask();
  devices.failures = [deviceError('NotReadableError')];
  const before = devices.track('audio');
  before.setMuted(true);
  before.setMuted(false);
  await settle();
  assert.equal(own.view.value.microphone, 'on');
  assert.equal(own.tracks.audio, before.clones[0]);
});

test('requests the camera again after another program took it silently', async () => {
  const { devices, own, hidden } = ownDevices();
  await own.ask();
  const before = devices.track('video');
  before.end();
  await settle();
  assert.equal(
    own.view.value.camera,
    'interrupted',
    'it is listed still: no other takes its place',
  );
  hidden.value = true;
  hidden.value = false;
  await settle();
  assert.equal(own.view.value.camera, 'on');
  assert.notEqual(own.tracks.video, before.clones[0]);
  const asked = devices.asked.length;
  hidden.value = true;
  hidden.value = false;
  assert.equal(devices.asked.length, asked, 'what works is left alone');
});

test('keeps the existing tracks if a device restart fails', async () => {
  const { devices, own } = ownDevices();
  await own.ask();
  devices.failures = [deviceError('NotReadableError')];
  assert.equal(await own.restart(), false);
  assert.equal(own.view.value.state, 'ready');
  assert.equal(own.view.value.failure?.kind, 'in-use');
  assert.equal(own.tracks.audio?.readyState, 'live');
  // A device that is interrupted after a failure has a new problem, so the page must no longer
  // show the failure.
  devices.track('video').setMuted(true);
  assert.equal(own.view.value.camera, 'interrupted');
  assert.equal(own.view.value.failure, null);
});

test('stops device tracks that arrive after release()', async () => {
  const { devices, own } = ownDevices();
  const asked = own.ask();
  own.release();
  assert.equal(await asked, false);
  assert.ok(devices.given.every((track) => track.readyState === 'ended'));
  assert.equal(own.view.value.state, 'not-asked');
});

test('stops all device tracks on release()', async () => {
  const { devices, own } = ownDevices();
  await own.ask();
  const { audio, video } = own.tracks;
  own.release();
  for (const track of [audio, video, ...devices.given]) assert.equal(track?.readyState, 'ended');
  assert.equal(own.selfStream.value, null);
});
