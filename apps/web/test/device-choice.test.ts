import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Signal, signal } from '@preact/signals';
import { DevicesModel } from '../src/devices/media-devices.ts';
import { FakeAudioMeter } from '../src/fakes/fake-audio-meter.ts';
import { deviceError, FakeDevices, listed } from '../src/fakes/fake-devices.ts';
import { settle } from '../src/fakes/fake-time.ts';
import type { ChosenPreferences } from '../src/state/preferences-model.ts';

const WEBCAM = listed('camera', 'c2', 'usb');
const HEADSET = [listed('microphone', 'm2', 'headset'), listed('speaker', 's2', 'headset')];

interface Made {
  readonly devices: FakeDevices;
  readonly own: DevicesModel;
  readonly audioMeter: FakeAudioMeter;
  readonly store: Map<string, string>;
  readonly preferences: Signal<Pick<ChosenPreferences, 'blursBackground' | 'suppressesNoise'>>;
}

function make(change: { store?: Map<string, string>; off?: boolean } = {}): Made {
  const devices = new FakeDevices();
  const audioMeter = new FakeAudioMeter();
  const store = change.store ?? new Map<string, string>();
  const off = change.off ?? false;
  const preferences = signal({
    mirrored: true,
    blursBackground: false,
    suppressesNoise: true,
    startsWithCameraOff: off,
    startsMuted: off,
  });
  const own = new DevicesModel({
    access: devices,
    audioMeter,
    store: {
      read: (key) => store.get(key) ?? null,
      write: (key, value) => store.set(key, value),
      remove: (key) => store.delete(key),
    },
    preferences,
    hidden: signal(false),
    changed: () => {},
  });
  return { devices, own, audioMeter, store, preferences };
}

/** With a second camera and a headset, granted and listed. */
async function given(change: Parameters<typeof make>[0] = {}): Promise<Made> {
  const made = make(change);
  made.devices.there = [...(made.devices.there ?? []), WEBCAM, ...HEADSET];
  await made.own.ask();
  await settle();
  return made;
}

test('lists devices once granted and marks those in use', async () => {
  const { devices, own } = make();
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

test('offers no choice without names, nor speakers without browser support', async () => {
  const { devices, own } = make();
  devices.there = [{ kind: 'camera', id: '', label: '', group: '' }];
  devices.choosesSpeaker = false;
  await own.ask();
  await settle();
  assert.deepEqual(own.choice.lists.value.cameras, []);
  assert.equal(own.choice.lists.value.speakers, null);
  assert.equal(own.choice.lists.value.canSwitchCamera, false);
});

test("blurs both pictures at once and the next camera's first frame", async () => {
  const { devices, own, preferences } = make();
  devices.there = [...(devices.there ?? []), WEBCAM];
  devices.canBlur = true;
  const isBlurred = (): unknown[] =>
    [devices.track('video'), ...devices.track('video').clones].map(
      ({ settings }) => settings.backgroundBlur,
    );
  await own.ask();
  await settle();
  assert.equal(own.choice.lists.value.blurred, false);
  preferences.value = { ...preferences.value, blursBackground: true };
  await settle();
  assert.equal(own.choice.lists.value.blurred, true);
  assert.deepEqual(isBlurred(), [true, true]);
  own.choice.choose('camera', 'c2');
  await settle();
  const asked = devices.asked.at(-1)?.video;
  assert.ok(typeof asked === 'object' && asked.backgroundBlur === true);
  assert.deepEqual(isBlurred(), [true, true]);
  preferences.value = { ...preferences.value, blursBackground: false };
  await settle();
  assert.deepEqual([own.choice.lists.value.blurred, ...isBlurred()], [false, false, false]);
  // Toggled repeatedly before the browser finished the first change.
  for (const blursBackground of [true, false, true]) {
    preferences.value = { ...preferences.value, blursBackground };
  }
  await settle();
  assert.deepEqual([own.choice.lists.value.blurred, ...isBlurred()], [true, true, true]);
  preferences.value = { ...preferences.value, blursBackground: false };
  preferences.value = { ...preferences.value, blursBackground: true };
  await settle();
  assert.deepEqual([own.choice.lists.value.blurred, ...isBlurred()], [true, true, true]);
});

test('offers no blur if the browser has none', async () => {
  const { own, preferences } = make();
  preferences.value = { ...preferences.value, blursBackground: true };
  await own.ask();
  await settle();
  assert.equal(own.choice.lists.value.blurred, null);
});

test('stops the first camera before opening another', async () => {
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

test('switches microphones and stays muted', async () => {
  const { own } = await given();
  own.toggle('audio');
  own.choice.choose('microphone', 'm2');
  await settle();
  assert.equal(own.choice.lists.value.microphone, 'm2');
  assert.equal(own.view.value.microphone, 'off');
  assert.equal(own.tracks.audio?.enabled, false);
});

test('remembers the choice and falls back if the device is gone', async () => {
  const { own, store } = await given();
  own.choice.choose('camera', 'c2');
  own.choice.choose('microphone', 'm2');
  own.choice.choose('speaker', 's2');
  await settle();
  const { own: later } = await given({ store });
  const { camera, microphone, speaker } = later.choice.lists.value;
  assert.deepEqual([camera, microphone, speaker], ['c2', 'm2', 's2']);

  const { own: elsewhere } = make({ store });
  assert.equal(await elsewhere.ask(), true);
  await settle();
  const { camera: other, speaker: systems } = elsewhere.choice.lists.value;
  assert.deepEqual([other, systems], ['c1', null]);
});

test('survives manipulated stored choices', async () => {
  for (const text of ['{', '[]', '7', '{"camera":7,"speaker":{}}']) {
    const { own } = make({ store: new Map([['farandole.devices', text]]) });
    assert.equal(await own.ask(), true);
  }
});

test('keeps the current camera if the new one fails', async () => {
  const { devices, own } = await given();
  devices.failures = [deviceError('NotReadableError')];
  own.choice.choose('camera', 'c2');
  await settle();
  assert.equal(own.choice.lists.value.camera, 'c1');
  assert.equal(own.view.value.camera, 'on');
  assert.deepEqual(own.view.value.failure, { kind: 'in-use', device: 'camera' });
});

test('treats the camera as lost if neither starts', async () => {
  const { devices, own } = await given();
  devices.failures = [deviceError('NotReadableError'), deviceError('NotReadableError')];
  own.choice.choose('camera', 'c2');
  await settle();
  assert.equal(own.view.value.camera, 'interrupted');
  assert.equal(own.view.value.state, 'ready');
});

test('applies the last of two concurrent choices', async () => {
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

test("flips a phone's camera and unmirrors the rear one", async () => {
  const { devices, own } = make();
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

test('cycles through the listed cameras on other devices', async () => {
  const { own } = await given();
  own.choice.switchCamera();
  await settle();
  assert.equal(own.choice.lists.value.camera, 'c2');
  own.choice.switchCamera();
  await settle();
  assert.equal(own.choice.lists.value.camera, 'c1');
});

test('starts with devices off if chosen and turns them on later', async () => {
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
  own.choice.choose('camera', 'c2');
  await settle();
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

test('waits for the last unplugged device to return', async () => {
  const { devices, own } = make();
  await own.ask();
  await settle();
  devices.plugOut('c1');
  await settle();
  assert.equal(own.view.value.camera, 'interrupted');
  devices.plugIn(listed('camera', 'c1', 'laptop'));
  await settle();
  assert.equal(own.view.value.camera, 'on');
  assert.equal(own.choice.news.value, null, 'what is in use again is not offered');
});

test('offers a plugged headset as one and switches with one press', async () => {
  const { devices, own } = make();
  await own.ask();
  await settle();
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

test("doesn't treat system aliases as new devices", async () => {
  const { devices, own } = make();
  await own.ask();
  await settle();
  devices.plugIn({ kind: 'speaker', id: 'default', label: 'Default', group: 'laptop' });
  await settle();
  assert.equal(own.choice.news.value, null);
});

test('stops listening for plugs on release', async () => {
  const { devices, own } = await given();
  assert.equal(devices.plugListeners, 1);
  own.release();
  assert.equal(devices.plugListeners, 0);
});

test('clears the stored choice', async () => {
  const { own, store } = await given();
  own.choice.choose('camera', 'c2');
  await settle();
  own.forgetChoices();
  assert.deepEqual([...store.keys()], []);
  await own.restart();
  await settle();
  assert.equal(own.choice.lists.value.camera, 'c1');
});

test('measures a visible microphone and its replacement', async () => {
  const { own, audioMeter } = await given();
  const heard: number[] = [];
  const stop = own.choice.hear((loudness) => heard.push(loudness));
  const [[stream, told] = []] = audioMeter.measured;
  assert.equal(stream, own.choice.sound.value);
  told?.(0.4, 0);
  own.choice.choose('microphone', 'm2');
  await settle();
  assert.deepEqual([...audioMeter.measured.keys()], [own.choice.sound.value]);
  assert.notEqual(own.choice.sound.value, stream);
  audioMeter.measured.values().next().value?.(0.6, 1);
  assert.deepEqual(heard, [0.4, 0.6]);
  stop();
  assert.equal(audioMeter.measured.size, 0);
});

test('measures a muted microphone by a local clone, then stops it', async () => {
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
  own.choice.choose('microphone', 'm2');
  await settle();
  assert.equal(twin?.readyState, 'ended');
  const [next] = twins();
  assert.equal(next?.readyState, 'live');
  stop();
  assert.equal(next?.readyState, 'ended');
  assert.equal(audioMeter.measured.size, 0);
});

test('tests the chosen speaker, one sound at a time', async () => {
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

test("doesn't apply one speaker's test to the next", async () => {
  const { own, audioMeter } = await given();
  own.choice.testSpeaker();
  own.choice.choose('speaker', 's2');
  audioMeter.end();
  await settle();
  assert.equal(own.choice.speakerTest.value, 'untried');
});

test('keeps background noise if chosen, also in an open microphone', async () => {
  const { devices, own, preferences } = make();
  await own.ask();
  await settle();
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
