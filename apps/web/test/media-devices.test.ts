import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Signal, signal } from '@preact/signals';
import { deviceFailureOf, type FailureFacts } from '../src/devices/device-failure.ts';
import { DevicesModel } from '../src/devices/media-devices.ts';
import { FakeAudioMeter } from '../src/fakes/fake-audio-meter.ts';
import { deviceError, FakeDevices } from '../src/fakes/fake-devices.ts';
import { settle } from '../src/fakes/fake-time.ts';

interface Made {
  readonly devices: FakeDevices;
  readonly model: DevicesModel;
  readonly changes: () => number;
  readonly hidden: Signal<boolean>;
}

function model(): Made {
  const devices = new FakeDevices();
  const hidden = signal(false);
  let changes = 0;
  const made = new DevicesModel({
    access: devices,
    audioMeter: new FakeAudioMeter(),
    store: { read: () => null, write: () => {}, remove: () => {} },
    preferences: signal({
      mirrored: true,
      blursBackground: false,
      suppressesNoise: true,
      startsWithCameraOff: false,
      startsMuted: false,
    }),
    hidden,
    changed: () => {
      changes += 1;
    },
  });
  return { devices, model: made, changes: () => changes, hidden };
}

const FACTS: FailureFacts = {
  wanted: { camera: true, microphone: true },
  camera: 'prompt',
  microphone: 'prompt',
  cameras: 1,
  microphones: 1,
};

test('maps each refusal to its kind', () => {
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

test('names the device of a failure if known', () => {
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

test('shows granted devices and sends clones of their tracks', async () => {
  const { devices, model: own } = model();
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

test('reports a browser without device access without asking', async () => {
  const { devices, model: own } = model();
  devices.support = 'unsupported';
  assert.equal(await own.ask(), false);
  assert.deepEqual(own.view.value.failure, { kind: 'unsupported', device: 'both' });
  assert.equal(devices.asked.length, 0);
});

test("accepts devices that can't meet the constraints", async () => {
  const { devices, model: own } = model();
  devices.failures = [deviceError('OverconstrainedError')];
  assert.equal(await own.ask(), true);
  assert.deepEqual(devices.asked[1], { video: true, audio: true });
  devices.failures = [deviceError('OverconstrainedError'), deviceError('OverconstrainedError')];
  own.release();
  assert.equal(await own.ask(), false);
  assert.equal(own.view.value.failure?.kind, 'failed');
});

test('requests one device alone', async () => {
  const { model: own } = model();
  assert.equal(await own.ask({ camera: false, microphone: true }), true);
  assert.equal(own.view.value.camera, 'absent');
  assert.equal(own.tracks.video, null);
  assert.equal(own.selfStream.value, null);
});

test('notices a permission restored in browser settings', async () => {
  const { devices, model: own } = model();
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

test('stops sending synchronously but keeps the own preview', async () => {
  const { devices, model: own } = model();
  await own.ask();
  own.setSending(false);
  assert.equal(own.tracks.video?.enabled, false);
  assert.equal(own.tracks.audio?.enabled, false);
  assert.equal(devices.track('video').enabled, true);
  own.setSending(true);
  assert.equal(own.tracks.video?.enabled, true);
});

test('keeps a switch over a pause and a restart', async () => {
  const { model: own } = model();
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

test('reports a lost camera and gets fresh tracks on restart', async () => {
  const { devices, model: own, changes } = model();
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

test('replaces a track that returned, whatever its flags', async () => {
  const { devices, model: own } = model();
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

test('uses the returned track if no fresh one is available', async () => {
  const { devices, model: own } = model();
  await own.ask();
  devices.failures = [deviceError('NotReadableError')];
  const before = devices.track('audio');
  before.setMuted(true);
  before.setMuted(false);
  await settle();
  assert.equal(own.view.value.microphone, 'on');
  assert.equal(own.tracks.audio, before.clones[0]);
});

test('requests silently taken devices again when the user returns', async () => {
  const { devices, model: own, hidden } = model();
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

test('keeps existing tracks if a restart fails', async () => {
  const { devices, model: own } = model();
  await own.ask();
  devices.failures = [deviceError('NotReadableError')];
  assert.equal(await own.restart(), false);
  assert.equal(own.view.value.state, 'ready');
  assert.equal(own.view.value.failure?.kind, 'in-use');
  assert.equal(own.tracks.audio?.readyState, 'live');
  // A later stop has other reasons.
  devices.track('video').setMuted(true);
  assert.equal(own.view.value.camera, 'interrupted');
  assert.equal(own.view.value.failure, null);
});

test('stops tracks that arrive after release', async () => {
  const { devices, model: own } = model();
  const asked = own.ask();
  own.release();
  assert.equal(await asked, false);
  assert.ok(devices.given.every((track) => track.readyState === 'ended'));
  assert.equal(own.view.value.state, 'not-asked');
});

test('stops all tracks on release', async () => {
  const { devices, model: own } = model();
  await own.ask();
  const { audio, video } = own.tracks;
  own.release();
  for (const track of [audio, video, ...devices.given]) assert.equal(track?.readyState, 'ended');
  assert.equal(own.selfStream.value, null);
});
