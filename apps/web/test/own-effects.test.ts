import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { listed } from '../src/fakes/fake-devices.ts';
import { settle } from '../src/fakes/fake-time.ts';
import { type OwnDevices, ownDevices } from './support/devices.ts';

const WALKS = 200;
const STEPS = 25;

/** Opens the devices in a browser that blurs no camera itself. */
async function opened(change: Partial<OwnDevices['preferences']['value']>): Promise<OwnDevices> {
  const made = ownDevices();
  made.effects.canBlur = true;
  made.effects.canDenoise = true;
  made.devices.there = [...(made.devices.there ?? []), listed('camera', 'c2', 'usb')];
  set(made, change);
  await made.own.ask();
  return made;
}

function set({ preferences }: OwnDevices, to: Partial<OwnDevices['preferences']['value']>): void {
  preferences.value = { ...preferences.value, ...to };
}

/** What the peer gets of the camera. */
function sent({ own, effects }: OwnDevices): 'nothing' | 'blurred' | 'camera' {
  const { video } = own.tracks;
  if (video === null || !video.enabled || video.readyState === 'ended') return 'nothing';
  const isBlurred = effects.started.some(({ track }) =>
    track.clones.some((clone) => clone === video),
  );
  return isBlurred ? 'blurred' : 'camera';
}

function shown({ own }: OwnDevices): MediaStreamTrack | undefined {
  return own.selfStream.value?.getVideoTracks()[0];
}

test('[DV-2] sends nothing of a camera before its blur is ready', async () => {
  const gate = Promise.withResolvers<void>();
  const made = ownDevices();
  made.effects.canBlur = true;
  made.effects.gate = gate.promise;
  set(made, { blursBackground: true });
  await made.own.ask();
  assert.equal(sent(made), 'nothing');
  await settle();
  assert.deepEqual([sent(made), made.own.choice.lists.value.blur], ['nothing', 'starting']);
  const before = made.changes();
  gate.resolve();
  await settle();
  assert.deepEqual([sent(made), made.own.choice.lists.value.blur], ['blurred', 'on']);
  assert.ok(made.changes() > before, 'the call gets the new track');
});

test('[DV-2] stops the unblurred picture at the press in mid-call', async () => {
  const made = await opened({});
  await settle();
  assert.equal(sent(made), 'camera');
  set(made, { blursBackground: true });
  assert.equal(sent(made), 'nothing');
  await settle();
  assert.equal(sent(made), 'blurred');
});

test('[DV-3] turns the camera off when the blur cannot start or ends', async () => {
  const made = await opened({});
  made.effects.fails = true;
  set(made, { blursBackground: true });
  await settle();
  const { own, effects } = made;
  assert.deepEqual([sent(made), own.choice.lists.value.blur], ['nothing', 'failed']);
  assert.equal(own.view.value.camera, 'off');
  effects.fails = false;
  own.toggle('video');
  assert.equal(sent(made), 'nothing');
  await settle();
  assert.deepEqual([sent(made), own.choice.lists.value.blur], ['blurred', 'on']);
  effects.started.at(-1)?.track.end();
  assert.deepEqual([sent(made), own.choice.lists.value.blur], ['nothing', 'failed']);
  set(made, { blursBackground: false });
  own.toggle('video');
  assert.deepEqual([sent(made), own.choice.lists.value.blur], ['camera', 'off']);
});

test('[DV-4] sends the camera’s own track without blur and stops the effect', async () => {
  const made = await opened({ blursBackground: true });
  await settle();
  set(made, { blursBackground: false });
  const { own, effects, devices } = made;
  assert.equal(sent(made), 'camera');
  assert.equal(own.tracks.video, devices.track('video').clones.at(-1));
  assert.deepEqual(
    effects.started.map(({ isStopped }) => isStopped),
    [true],
  );
});

test('[DV-5] shows the picture that is sent', async () => {
  const made = await opened({ blursBackground: true });
  await settle();
  assert.equal(shown(made), made.effects.started[0]?.track);
  set(made, { blursBackground: false });
  assert.equal(shown(made), made.devices.track('video'));
});

test('[DV-1] prefers the browser’s own blur', async () => {
  const made = ownDevices();
  made.devices.canBlur = true;
  made.effects.canBlur = true;
  set(made, { blursBackground: true });
  await made.own.ask();
  await settle();
  assert.equal(made.own.choice.lists.value.blur, 'on');
  assert.equal(made.effects.started.length, 0);
});

test('[DV-2] never sends an unblurred picture, whatever happens in any order', async () => {
  const prng = createPrng(26);
  const seen = new Set<string>();
  for (let walk = 0; walk < WALKS; walk += 1) {
    const made = await opened({ blursBackground: true });
    const { own, effects, devices } = made;
    const steps = [
      () => own.toggle('video'),
      () => own.choice.choose('camera', prng.unit() < 0.5 ? 'c1' : 'c2'),
      () => own.setSending(prng.unit() < 0.7),
      () => set(made, { blursBackground: prng.unit() < 0.7 }),
      () => effects.started.at(-1)?.track.end(),
      () => devices.track('video').setMuted(prng.unit() < 0.5),
      () => own.release(true),
      () => void own.ask(),
      () => {
        effects.fails = prng.unit() < 0.3;
      },
    ];
    for (let step = 0; step < STEPS; step += 1) {
      steps[Math.floor(prng.unit() * steps.length)]?.();
      const look = (): void => {
        const is = sent(made);
        const { blursBackground } = made.preferences.value;
        assert.ok(!blursBackground || is !== 'camera', `walk ${walk}, step ${step}`);
        seen.add(`${is}-${blursBackground}`);
      };
      look();
      for (let turn = prng.unit() * 4; turn > 0; turn -= 1) {
        await Promise.resolve();
        look();
      }
    }
    await settle();
    const running = effects.started.filter(({ isStopped, track }) => {
      return !isStopped && track.readyState === 'live';
    });
    assert.ok(running.length <= 1, `walk ${walk} leaves ${running.length} effects`);
  }
  assert.deepEqual([...seen].sort(), [
    'blurred-true',
    'camera-false',
    'nothing-false',
    'nothing-true',
  ]);
});

test('[DV-11] sends the sound while the strong noise filter starts, and if it fails', async () => {
  const made = await opened({});
  const { own, effects, devices } = made;
  const gate = Promise.withResolvers<void>();
  effects.gate = gate.promise;
  const microphone = devices.track('audio');
  const isHeard = (): boolean => own.tracks.audio?.enabled === true;
  set(made, { suppressesNoise: 'strong' });
  assert.ok(isHeard() && own.tracks.audio === microphone.clones[0]);
  gate.resolve();
  await settle();
  assert.equal(own.choice.lists.value.strongNoise, 'on');
  assert.ok(isHeard() && own.tracks.audio === effects.started[0]?.track.clones[0]);
  assert.equal(own.choice.sound.value?.getAudioTracks()[0], microphone, 'measured unfiltered');
  effects.started[0]?.track.end();
  assert.equal(own.choice.lists.value.strongNoise, 'failed');
  assert.ok(isHeard() && own.tracks.audio === microphone.clones.at(-1));
  assert.equal(own.view.value.microphone, 'on');
});

test('[DV-10] filters a muted microphone’s sound only once it is on again', async () => {
  const made = await opened({ suppressesNoise: 'strong' });
  await settle();
  made.own.toggle('audio');
  assert.equal(made.own.tracks.audio?.enabled, false);
  set(made, { suppressesNoise: true });
  assert.equal(made.own.tracks.audio?.enabled, false);
  assert.equal(made.own.choice.lists.value.strongNoise, 'off');
  made.own.toggle('audio');
  assert.equal(made.own.tracks.audio?.enabled, true);
});
