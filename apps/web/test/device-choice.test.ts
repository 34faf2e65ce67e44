import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Signal, signal } from '@preact/signals';
import { DevicesModel } from '../src/devices/media-devices.ts';
import { deviceError, FakeDevices, listed } from '../src/fakes/fake-devices.ts';
import { FakeSenses } from '../src/fakes/fake-senses.ts';
import { settle } from '../src/fakes/fake-time.ts';
import type { ChosenPreferences } from '../src/state/preferences-model.ts';

const WEBCAM = listed('camera', 'c2', 'usb');
const HEADSET = [listed('microphone', 'm2', 'headset'), listed('speaker', 's2', 'headset')];

interface Made {
  readonly devices: FakeDevices;
  readonly own: DevicesModel;
  readonly senses: FakeSenses;
  readonly store: Map<string, string>;
  readonly preferences: Signal<Pick<ChosenPreferences, 'blursBackground' | 'suppressesNoise'>>;
}

function make(change: { store?: Map<string, string>; off?: boolean } = {}): Made {
  const devices = new FakeDevices();
  const senses = new FakeSenses();
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
    senses,
    store: {
      read: (key) => store.get(key) ?? null,
      write: (key, value) => store.set(key, value),
      remove: (key) => store.delete(key),
    },
    preferences,
    hidden: signal(false),
    changed: () => {},
  });
  return { devices, own, senses, store, preferences };
}

/** With a second camera and a headset, given and listed. */
async function given(change: Parameters<typeof make>[0] = {}): Promise<Made> {
  const made = make(change);
  made.devices.there = [...(made.devices.there ?? []), WEBCAM, ...HEADSET];
  await made.own.ask();
  await settle();
  return made;
}

test('what there is to choose from is listed once the devices are given, with what is in use', async () => {
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

test('without names nothing can be chosen, and no speaker where the page may not say which', async () => {
  const { devices, own } = make();
  devices.there = [{ kind: 'camera', id: '', label: '', group: '' }];
  devices.choosesSpeaker = false;
  await own.ask();
  await settle();
  assert.deepEqual(own.choice.lists.value.cameras, []);
  assert.equal(own.choice.lists.value.speakers, null);
  assert.equal(own.choice.lists.value.canSwitchCamera, false);
});

test('what is behind a person is blurred for both at once, from the first picture of the next camera', async () => {
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
  // Switched to and fro, and on at last, before the browser has done the first of it.
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

test('where the browser blurs nothing, there is nothing to choose', async () => {
  const { own, preferences } = make();
  preferences.value = { ...preferences.value, blursBackground: true };
  await own.ask();
  await settle();
  assert.equal(own.choice.lists.value.blurred, null);
});

test('another camera takes the place of the first, which is let go of before', async () => {
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

test('a microphone is chosen likewise, and stays muted if it was', async () => {
  const { own } = await given();
  own.toggle('audio');
  own.choice.choose('microphone', 'm2');
  await settle();
  assert.equal(own.choice.lists.value.microphone, 'm2');
  assert.equal(own.view.value.microphone, 'off');
  assert.equal(own.tracks.audio?.enabled, false);
});

test('what was chosen is remembered, and gives way when it is gone', async () => {
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

test('what a curious person wrote into the memory does no harm', async () => {
  for (const text of ['{', '[]', '7', '{"camera":7,"speaker":{}}']) {
    const { own } = make({ store: new Map([['farandole.devices', text]]) });
    assert.equal(await own.ask(), true);
  }
});

test('a camera that does not start leaves the one that there was', async () => {
  const { devices, own } = await given();
  devices.failures = [deviceError('NotReadableError')];
  own.choice.choose('camera', 'c2');
  await settle();
  assert.equal(own.choice.lists.value.camera, 'c1');
  assert.equal(own.view.value.camera, 'on');
  assert.deepEqual(own.view.value.failure, { kind: 'in-use', device: 'camera' });
});

test('where neither starts, the camera counts as taken away', async () => {
  const { devices, own } = await given();
  devices.failures = [deviceError('NotReadableError'), deviceError('NotReadableError')];
  own.choice.choose('camera', 'c2');
  await settle();
  assert.equal(own.view.value.camera, 'interrupted');
  assert.equal(own.view.value.state, 'ready');
});

test('the last choice holds when two are made at once', async () => {
  const { devices, own } = await given();
  let open = (): void => {};
  devices.gate = new Promise((resolve) => {
    open = resolve;
  });
  own.choice.choose('microphone', 'm2');
  own.choice.choose('microphone', 'm1');
  open();
  await settle();
  assert.equal(own.choice.lists.value.microphone, 'm1');
  assert.equal(own.tracks.audio?.readyState, 'live');
});

test('a phone turns to its other side, and what looks away is not mirrored', async () => {
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

test('elsewhere the next camera of the list is taken, round and round', async () => {
  const { own } = await given();
  own.choice.switchCamera();
  await settle();
  assert.equal(own.choice.lists.value.camera, 'c2');
  own.choice.switchCamera();
  await settle();
  assert.equal(own.choice.lists.value.camera, 'c1');
});

test('who starts with camera off and muted is so from the first moment, and may turn them on', async () => {
  const { devices, own } = await given({ off: true });
  assert.equal(own.view.value.camera, 'off');
  assert.equal(own.view.value.microphone, 'off');
  assert.equal(own.tracks.video?.enabled, false);
  assert.equal(devices.track('audio').enabled, false);
  own.toggle('video');
  assert.equal(own.view.value.camera, 'on');
  assert.equal(own.tracks.video?.enabled, true);
});

test('an unplugged device gives way to the next, and the person is told which', async () => {
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
  own.choice.dismissNews();
  assert.equal(own.choice.news.value, null);
});

test('the last one unplugged is missed until it is back', async () => {
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

test('a headset that is plugged in is offered as one thing, and used by one press', async () => {
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

test('the system’s names for what is there already are no new devices', async () => {
  const { devices, own } = make();
  await own.ask();
  await settle();
  devices.plugIn({ kind: 'speaker', id: 'default', label: 'Default', group: 'laptop' });
  await settle();
  assert.equal(own.choice.news.value, null);
});

test('letting go stops listening for plugs', async () => {
  const { devices, own } = await given();
  assert.equal(devices.plugListeners, 1);
  own.release();
  assert.equal(devices.plugListeners, 0);
});

test('what was chosen can be forgotten', async () => {
  const { own, store } = await given();
  own.choice.choose('camera', 'c2');
  await settle();
  own.forgetChoices();
  assert.deepEqual([...store.keys()], []);
  await own.restart();
  await settle();
  assert.equal(own.choice.lists.value.camera, 'c1');
});

test('a microphone is measured while somebody looks, another one in its place too', async () => {
  const { own, senses } = await given();
  const heard: number[] = [];
  const stop = own.choice.hear((loudness) => heard.push(loudness));
  const [[stream, told] = []] = senses.measured;
  assert.equal(stream, own.choice.sound.value);
  told?.(0.4, 0);
  own.choice.choose('microphone', 'm2');
  await settle();
  assert.deepEqual([...senses.measured.keys()], [own.choice.sound.value]);
  assert.notEqual(own.choice.sound.value, stream);
  senses.measured.values().next().value?.(0.6, 1);
  assert.deepEqual(heard, [0.4, 0.6]);
  stop();
  assert.equal(senses.measured.size, 0);
});

test('a muted microphone is measured by a twin, of which nothing is sent and nothing stays', async () => {
  const { own, senses } = await given();
  own.toggle('audio');
  const { audio } = own.tracks;
  const heard: number[] = [];
  const stop = own.choice.hearMuted((loudness) => heard.push(loudness));
  const twins = (): (MediaStreamTrack | undefined)[] =>
    [...senses.measured.keys()].map((stream) => stream.getAudioTracks()[0]);
  const [twin] = twins();
  assert.equal(twin?.enabled, true);
  assert.notEqual(twin, audio);
  assert.equal(audio?.enabled, false);
  senses.measured.values().next().value?.(0.6, 0);
  assert.deepEqual(heard, [0.6]);
  own.choice.choose('microphone', 'm2');
  await settle();
  assert.equal(twin?.readyState, 'ended');
  const [next] = twins();
  assert.equal(next?.readyState, 'live');
  stop();
  assert.equal(next?.readyState, 'ended');
  assert.equal(senses.measured.size, 0);
});

test('a speaker is tried by the one that was chosen, one sound at a time', async () => {
  const { own, senses } = await given();
  const { speakerTest } = own.choice;
  assert.equal(speakerTest.value, 'untried');
  own.choice.testSpeaker();
  own.choice.testSpeaker();
  assert.deepEqual(senses.played, [null]);
  assert.equal(speakerTest.value, 'playing');
  senses.end();
  await settle();
  assert.equal(speakerTest.value, 'played');
  own.choice.answerSpeakerTest(true);
  assert.equal(speakerTest.value, 'heard');
  own.choice.answerSpeakerTest(false);
  assert.equal(speakerTest.value, 'heard', 'there is nothing to answer any more');
  own.choice.testSpeaker();
  senses.end();
  await settle();
  own.choice.answerSpeakerTest(false);
  assert.equal(speakerTest.value, 'unheard');

  own.choice.choose('speaker', 's2');
  assert.equal(speakerTest.value, 'untried', 'what was heard came from another');
  own.choice.testSpeaker();
  assert.deepEqual(senses.played, [null, null, 's2']);
  senses.end(deviceError('NotFoundError'));
  await settle();
  assert.equal(speakerTest.value, 'failed');
});

test('what one speaker played says nothing of the next', async () => {
  const { own, senses } = await given();
  own.choice.testSpeaker();
  own.choice.choose('speaker', 's2');
  senses.end();
  await settle();
  assert.equal(own.choice.speakerTest.value, 'untried');
});

test('noise is left in the sound where that was chosen, in a microphone that is open too', async () => {
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
