import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DevicesModel } from '../src/devices/media-devices.ts';
import { isVirtualCamera } from '../src/devices/virtual-camera.ts';
import { deviceError, listed } from '../src/fakes/fake-devices.ts';
import { settle } from '../src/fakes/fake-time.ts';
import { type OwnDevices, ownDevices } from './support/devices.ts';

type Device = ReturnType<typeof listed>;

const WEBCAM = listed('camera', 'c2', 'usb');
const HEADSET = [listed('microphone', 'm2', 'headset'), listed('speaker', 's2', 'headset')];

/** Grants the user's devices and lists them. The default list has a second camera and a headset. */
async function given(
  change: Parameters<typeof ownDevices>[0] = {},
  more: readonly Device[] = [WEBCAM, ...HEADSET],
): Promise<OwnDevices> {
  const made = ownDevices(change);
  made.devices.there = [...(made.devices.there ?? []), ...more];
  await made.own.ask();
  await settle();
  return made;
}

async function choose({ choice }: DevicesModel, kind: Device['kind'], id: string): Promise<void> {
  choice.choose(kind, id);
  await settle();
}

test('lists devices once permission is granted and shows those in use', async () => {
  const { devices, own } = ownDevices();
  assert.deepEqual(own.choice.lists.value.cameras, []);
  devices.there = [
    ...(devices.there ?? []),
    WEBCAM,
    { kind: 'microphone', id: 'communications', label: 'Communications', group: 'laptop' },
  ];
  await own.ask();
  await settle();
  const { cameras, microphones, camera, microphone, speaker, canSwitchCamera } =
    own.choice.lists.value;
  assert.deepEqual(
    cameras.map(({ id, label }) => [id, label]),
    [
      ['c1', 'camera c1'],
      ['c2', 'camera c2'],
    ],
  );
  assert.deepEqual(
    microphones.map(({ id }) => id),
    ['m1'],
  );
  assert.deepEqual(
    { camera, microphone, speaker, canSwitchCamera },
    { camera: 'c1', microphone: 'm1', speaker: null, canSwitchCamera: true },
  );
});

test('offers only named devices, and speakers only if the browser supports choosing', async () => {
  const { devices, own } = ownDevices();
  devices.there = [{ kind: 'camera', id: '', label: '', group: '' }];
  devices.choosesSpeaker = false;
  await own.ask();
  await settle();
  assert.deepEqual(own.choice.lists.value.cameras, []);
  assert.equal(own.choice.lists.value.speakers, null);
  assert.equal(own.choice.lists.value.canSwitchCamera, false);
});

test("blurs camera and preview at once, and the next camera's first frame", async () => {
  const { devices, own, preferences } = ownDevices();
  devices.there = [...(devices.there ?? []), WEBCAM];
  devices.canBlur = true;
  const isBlurred = (): unknown[] =>
    [devices.track('video'), ...devices.track('video').clones].map(
      ({ settings }) => settings.backgroundBlur,
    );
  await own.ask();
  await settle();
  assert.equal(own.choice.lists.value.blur, 'off');
  preferences.value = { ...preferences.value, blursBackground: true };
  await settle();
  assert.equal(own.choice.lists.value.blur, 'on');
  assert.deepEqual(isBlurred(), [true, true]);
  await choose(own, 'camera', 'c2');
  const asked = devices.asked.at(-1)?.video;
  assert.ok(typeof asked === 'object' && asked.backgroundBlur === true);
  assert.deepEqual(isBlurred(), [true, true]);
  preferences.value = { ...preferences.value, blursBackground: false };
  await settle();
  assert.deepEqual([own.choice.lists.value.blur, ...isBlurred()], ['off', false, false]);
  // Changes the blur setting three times before the browser finishes the first change.
  for (const blursBackground of [true, false, true]) {
    preferences.value = { ...preferences.value, blursBackground };
  }
  await settle();
  assert.deepEqual([own.choice.lists.value.blur, ...isBlurred()], ['on', true, true]);
  preferences.value = { ...preferences.value, blursBackground: false };
  preferences.value = { ...preferences.value, blursBackground: true };
  await settle();
  assert.deepEqual([own.choice.lists.value.blur, ...isBlurred()], ['on', true, true]);
});

test('offers no background blur if the browser has none', async () => {
  const { own, preferences } = ownDevices();
  preferences.value = { ...preferences.value, blursBackground: true };
  await own.ask();
  await settle();
  assert.equal(own.choice.lists.value.blur, null);
});

test('stops the old camera before opening the chosen one', async () => {
  const { devices, own } = await given();
  const before = devices.track('video');
  own.choice.choose('camera', 'c2');
  assert.equal(before.readyState, 'ended', 'a phone gives out one camera at a time');
  await settle();
  assert.equal(own.choice.lists.value.camera, 'c2');
  assert.equal(own.tracks.video, devices.track('video').clones[0]);
  assert.equal(own.view.value.camera, 'on');
  assert.equal(own.tracks.audio?.readyState, 'live', 'the microphone is left alone');
});

test('switches to another microphone and keeps it muted', async () => {
  const { own } = await given();
  own.toggle('audio');
  await choose(own, 'microphone', 'm2');
  assert.equal(own.choice.lists.value.microphone, 'm2');
  assert.equal(own.view.value.microphone, 'off');
  assert.equal(own.tracks.audio?.enabled, false);
});

test('stores the chosen devices; uses another if one is gone', async () => {
  const { own, store } = await given();
  own.choice.choose('camera', 'c2');
  own.choice.choose('microphone', 'm2');
  await choose(own, 'speaker', 's2');
  const { own: later } = await given({ store });
  const { camera, microphone, speaker } = later.choice.lists.value;
  assert.deepEqual([camera, microphone, speaker], ['c2', 'm2', 's2']);

  const { own: elsewhere } = ownDevices({ store });
  assert.equal(await elsewhere.ask(), true);
  await settle();
  const { camera: other, speaker: systems } = elsewhere.choice.lists.value;
  assert.deepEqual([other, systems], ['c1', null]);
});

test('ignores invalid stored device choices', async () => {
  for (const text of ['{', '[]', '7', '{"camera":7,"speaker":{}}']) {
    const { own } = ownDevices({ store: new Map([['farandole.devices', text]]) });
    assert.equal(await own.ask(), true);
  }
});

test('keeps the current camera if the chosen one fails', async () => {
  const { devices, own } = await given();
  devices.failures = [deviceError('NotReadableError')];
  await choose(own, 'camera', 'c2');
  assert.equal(own.choice.lists.value.camera, 'c1');
  assert.equal(own.view.value.camera, 'on');
  assert.deepEqual(own.view.value.failure, { kind: 'in-use', device: 'camera' });
});

test('reports a lost camera if neither old nor new camera starts', async () => {
  const { devices, own } = await given();
  devices.failures = [deviceError('NotReadableError'), deviceError('NotReadableError')];
  await choose(own, 'camera', 'c2');
  assert.equal(own.view.value.camera, 'interrupted');
  assert.equal(own.view.value.state, 'ready');
});

test('applies the later of two concurrent device choices', async () => {
  const { devices, own } = await given();
  const { promise, resolve: open } = Promise.withResolvers<void>();
  devices.gate = promise;
  own.choice.choose('microphone', 'm2');
  own.choice.choose('microphone', 'm1');
  open();
  await settle();
  assert.equal(own.choice.lists.value.microphone, 'm1');
  assert.equal(own.tracks.audio?.readyState, 'live');
});

test("switches a phone's camera and doesn't mirror the rear one", async () => {
  const { devices, own } = ownDevices();
  devices.there = [...(devices.there ?? []), WEBCAM];
  devices.facing.set('c1', 'user');
  devices.facing.set('c2', 'environment');
  await own.ask();
  await settle();
  assert.equal(own.choice.mirrored.value, true);
  own.choice.switchCamera();
  await settle();
  assert.equal(own.choice.lists.value.camera, 'c2');
  assert.equal(own.choice.mirrored.value, false);
  own.choice.switchCamera();
  await settle();
  assert.equal(own.choice.lists.value.camera, 'c1');
});

test('cycles through the listed cameras on devices other than phones', async () => {
  const { own } = await given();
  own.choice.switchCamera();
  await settle();
  assert.equal(own.choice.lists.value.camera, 'c2');
  own.choice.switchCamera();
  await settle();
  assert.equal(own.choice.lists.value.camera, 'c1');
});

test('starts with devices off if the user chose so; switches still work', async () => {
  const { devices, own } = await given({ off: true });
  assert.equal(own.view.value.camera, 'off');
  assert.equal(own.view.value.microphone, 'off');
  assert.equal(own.tracks.video?.enabled, false);
  assert.equal(devices.track('audio').enabled, false);
  own.toggle('video');
  assert.equal(own.view.value.camera, 'on');
  assert.equal(own.tracks.video?.enabled, true);
});

test('names the device that replaces an unplugged one', async () => {
  const { devices, own } = await given();
  await choose(own, 'camera', 'c2');
  devices.plugOut('c2');
  assert.equal(own.view.value.camera, 'interrupted');
  await settle();
  assert.equal(own.choice.lists.value.camera, 'c1');
  assert.equal(own.view.value.camera, 'on');
  assert.deepEqual(own.choice.news.value, {
    news: 'replaced',
    device: 'camera',
    label: 'camera c1',
  });
  own.choice.dismissChange();
  assert.equal(own.choice.news.value, null);
});

test('resumes the video when the only camera is plugged in again', async () => {
  const { devices, own } = await given({}, []);
  devices.plugOut('c1');
  await settle();
  assert.equal(own.view.value.camera, 'interrupted');
  devices.plugIn(listed('camera', 'c1', 'laptop'));
  await settle();
  assert.equal(own.view.value.camera, 'on');
  assert.equal(own.choice.news.value, null, 'what is in use again is not offered');
});

test("offers a newly plugged headset's microphone and speaker as one choice", async () => {
  const { devices, own } = await given({}, []);
  devices.plugIn(...HEADSET);
  await settle();
  assert.equal(own.choice.lists.value.microphone, 'm1', 'nothing is switched unasked');
  assert.deepEqual(own.choice.news.value, {
    news: 'offered',
    label: 'microphone m2',
    devices: HEADSET,
  });
  own.choice.takeOffer();
  await settle();
  assert.equal(own.choice.lists.value.microphone, 'm2');
  assert.equal(own.choice.lists.value.speaker, 's2');
  assert.equal(own.choice.news.value, null);
});

test("doesn't announce system aliases of devices as new devices", async () => {
  const { devices, own } = await given({}, []);
  devices.plugIn({ kind: 'speaker', id: 'default', label: 'Default', group: 'laptop' });
  await settle();
  assert.equal(own.choice.news.value, null);
});

test('stops listening for device changes after release()', async () => {
  const { devices, own } = await given();
  assert.equal(devices.plugListeners, 1);
  own.release();
  assert.equal(devices.plugListeners, 0);
});

test('deletes the stored choice of devices', async () => {
  const { own, store } = await given();
  await choose(own, 'camera', 'c2');
  own.forgetChoices();
  assert.deepEqual([...store.keys()], []);
  await own.restart();
  await settle();
  assert.equal(own.choice.lists.value.camera, 'c1');
});

test("measures the microphone's loudness, also after switching it", async () => {
  const { own, audioMeter } = await given();
  const heard: number[] = [];
  const stop = own.choice.hear((loudness) => heard.push(loudness));
  const [[stream, told] = []] = audioMeter.measured;
  assert.equal(stream, own.choice.sound.value);
  told?.(0.4, 0);
  await choose(own, 'microphone', 'm2');
  assert.deepEqual([...audioMeter.measured.keys()], [own.choice.sound.value]);
  assert.notEqual(own.choice.sound.value, stream);
  audioMeter.measured.values().next().value?.(0.6, 1);
  assert.deepEqual(heard, [0.4, 0.6]);
  stop();
  assert.equal(audioMeter.measured.size, 0);
});

test('measures a muted microphone by a local clone, then stops the clone', async () => {
  const { own, audioMeter } = await given();
  own.toggle('audio');
  const { audio } = own.tracks;
  const heard: number[] = [];
  const stop = own.choice.hearMuted((loudness) => heard.push(loudness));
  const twins = (): (MediaStreamTrack | undefined)[] =>
    [...audioMeter.measured.keys()].map((stream) => stream.getAudioTracks()[0]);
  const [twin] = twins();
  assert.equal(twin?.enabled, true);
  assert.notEqual(twin, audio);
  assert.equal(audio?.enabled, false);
  audioMeter.measured.values().next().value?.(0.6, 0);
  assert.deepEqual(heard, [0.6]);
  await choose(own, 'microphone', 'm2');
  assert.equal(twin?.readyState, 'ended');
  const [next] = twins();
  assert.equal(next?.readyState, 'live');
  stop();
  assert.equal(next?.readyState, 'ended');
  assert.equal(audioMeter.measured.size, 0);
});

test('plays test sounds on the chosen speaker, one at a time', async () => {
  const { own, audioMeter } = await given();
  const { speakerTest } = own.choice;
  assert.equal(speakerTest.value, 'untried');
  own.choice.testSpeaker();
  own.choice.testSpeaker();
  assert.deepEqual(audioMeter.played, [null]);
  assert.equal(speakerTest.value, 'playing');
  audioMeter.end();
  await settle();
  assert.equal(speakerTest.value, 'played');
  own.choice.answerSpeakerTest(true);
  assert.equal(speakerTest.value, 'heard');
  own.choice.answerSpeakerTest(false);
  assert.equal(speakerTest.value, 'heard', 'there is nothing to answer any more');
  own.choice.testSpeaker();
  audioMeter.end();
  await settle();
  own.choice.answerSpeakerTest(false);
  assert.equal(speakerTest.value, 'unheard');

  own.choice.choose('speaker', 's2');
  assert.equal(speakerTest.value, 'untried', 'what was heard came from another');
  own.choice.testSpeaker();
  assert.deepEqual(audioMeter.played, [null, null, 's2']);
  audioMeter.end(deviceError('NotFoundError'));
  await settle();
  assert.equal(speakerTest.value, 'failed');
});

test("resets the speaker test's result when the user chooses another speaker", async () => {
  const { own, audioMeter } = await given();
  own.choice.testSpeaker();
  own.choice.choose('speaker', 's2');
  audioMeter.end();
  await settle();
  assert.equal(own.choice.speakerTest.value, 'untried');
});

test('applies the noise suppression setting, also to an open microphone', async () => {
  const { devices, preferences } = await given({}, []);
  const suppression = (): unknown => {
    const asked = devices.asked.at(-1)?.audio;
    return typeof asked === 'object' ? asked.noiseSuppression : undefined;
  };
  assert.equal(suppression(), true);
  const before = devices.track('audio');
  for (const suppressesNoise of [false, true]) {
    preferences.value = { ...preferences.value, suppressesNoise };
    await settle();
    assert.equal(suppression(), suppressesNoise);
    assert.equal(devices.asked.at(-1)?.video, false);
  }
  assert.notEqual(devices.track('audio'), before);
  assert.equal(before.readyState, 'ended');
  const { length } = devices.asked;
  preferences.value = { ...preferences.value, blursBackground: true };
  await settle();
  assert.equal(devices.asked.length, length);
});

test('distinguishes virtual cameras from real ones by name', () => {
  for (const label of [
    'OBS Virtual Camera',
    'OBS-Camera (m-de:vice)',
    'ManyCam Virtual Webcam',
    'Snap Camera',
    'Dummy video device (0x0000) (platform:v4l2loopback-000)',
  ]) {
    assert.equal(isVirtualCamera(label), true, label);
  }
  for (const label of ['', 'FaceTime HD Camera', 'USB Webcam C920', 'Jobs Cam', 'fake_device_0']) {
    assert.equal(isVirtualCamera(label), false, label);
  }
});
