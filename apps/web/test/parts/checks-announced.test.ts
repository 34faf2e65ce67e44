import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Narrator, type Scene } from '../../src/a11y/narrator.ts';
import { OBS_CAMERA } from '../../src/gallery/laptop-devices.ts';
import { viewScenes } from '../support/scenes.ts';

const NAMES = [
  'green-room',
  'green-room-ready',
  'green-room-explicit',
  'settings-call',
  'call',
] as const;
const played = await viewScenes(NAMES);
const scene = (name: (typeof NAMES)[number], change: Partial<Scene> = {}): Scene => ({
  ...played(name),
  ...change,
});
const ready = (change: Partial<Scene> = {}): Scene => scene('green-room-ready', change);

/**
 * Returns the announcements made when the first scene changes to the second, one entry per row
 * of checks.
 */
function told(before: Scene, after: Scene): string[] {
  const narrator = new Narrator();
  narrator.tell(before, 0);
  return narrator
    .tell(after, 1)
    .map(({ urgency, row, key }) => `${urgency} ${row ?? 'nothing'} ${key}`);
}

test('announces the result of a microphone test but not its start', () => {
  for (const voice of ['heard', 'quiet', 'silent'] as const) {
    const say = [`polite greenRoom.microphone greenRoom.heard.${voice}`];
    assert.deepEqual(told(ready(), ready({ voice })), say);
    assert.deepEqual(told(ready({ voice }), ready()), []);
    // The microphone test in the settings announces its result too.
    assert.deepEqual(told(scene('settings-call'), scene('settings-call', { voice })), say);
  }
});

test('announces the question after the speaker test and each answer', () => {
  const untried = ready({ speakerTest: 'untried' });
  assert.deepEqual(told(untried, ready({ speakerTest: 'playing' })), []);
  for (const speakerTest of ['played', 'heard', 'unheard', 'failed'] as const) {
    assert.deepEqual(told(untried, ready({ speakerTest })), [
      `polite greenRoom.speaker greenRoom.speakerTest.${speakerTest}`,
    ]);
  }
});

test('announces results of the connection check and own-picture check', () => {
  const checking = ready({
    connectionCheck: 'checking',
    ownCheck: { state: 'checking', dark: false, continuing: false },
    videoMeanwhile: null,
  });
  assert.deepEqual(told(checking, ready()), [
    'polite greenRoom.connection greenRoom.way.relay',
    'polite shield.name shield.own.clean',
  ]);
  assert.deepEqual(told(ready(), checking), []);
  const failed = ready({ shieldLoad: { state: 'failed', fault: 'unreachable' } });
  assert.deepEqual(told(ready(), failed), ['polite shield.name shield.own.unavailable']);
});

test('announces a virtual camera but not that the camera is switched off', () => {
  const { deviceLists } = played('green-room-ready');
  const virtual = { ...deviceLists, cameras: [OBS_CAMERA], camera: OBS_CAMERA.id };
  assert.deepEqual(told(ready(), ready({ deviceLists: virtual })), [
    'polite greenRoom.camera greenRoom.virtual',
  ]);
  const { devices } = played('green-room-ready');
  const off = ready({ devices: { ...devices, camera: 'off', microphone: 'off' } });
  assert.deepEqual(told(ready(), off), []);
  assert.deepEqual(told(off, ready()), []);
});

test('announces no check result on a screen that has just opened', () => {
  assert.deepEqual(told(scene('green-room'), ready({ voice: 'heard' })), []);
  const call = scene('call', { connectionCheck: 'idle' });
  const { ownCheck } = played('green-room-explicit');
  assert.deepEqual(told(call, { ...call, connectionCheck: 'blocked', ownCheck }), []);
});
