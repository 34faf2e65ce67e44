import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Readiness, readinessWords } from '../src/screens/green-room/readiness.ts';

const READY: Readiness = {
  own: { state: 'clean', dark: false },
  devices: { camera: 'on', microphone: 'on' },
  heard: 'heard',
  way: 'relay',
};

const titleOf = (change: Partial<Readiness>): string => readinessWords({ ...READY, ...change })[0];

const NO_PICTURE = { state: 'none', dark: false } as const;

test('shows "You look ready" only if camera, microphone and connection work', () => {
  assert.equal(titleOf({}), 'greenRoom.ready');
  const others: readonly (readonly [Partial<Readiness>, string])[] = [
    [{ heard: 'silent' }, 'greenRoom.silent'],
    [{ heard: 'quiet' }, 'greenRoom.faint'],
    [{ devices: { camera: 'on', microphone: 'off' } }, 'greenRoom.readyUnheard'],
    [{ devices: { camera: 'on', microphone: 'absent' } }, 'greenRoom.readyUnheard'],
    [{ own: { state: 'clean', dark: true } }, 'greenRoom.dim'],
    [{ own: NO_PICTURE, devices: { camera: 'off', microphone: 'on' } }, 'greenRoom.readyUnseen'],
    [{ own: NO_PICTURE, devices: { camera: 'off', microphone: 'off' } }, 'greenRoom.readyNeither'],
    [{ devices: { camera: 'interrupted', microphone: 'on' } }, 'greenRoom.stopped'],
    [{ own: { state: 'checking', dark: false } }, 'greenRoom.soon'],
    [{ way: 'blocked' }, 'greenRoom.noWay'],
  ];
  for (const [change, title] of others) assert.equal(titleOf(change), title);
});

test('shows the most serious of several device or connection problems', () => {
  const worse: Partial<Readiness> = { heard: 'silent', way: 'blocked' };
  assert.equal(titleOf(worse), 'greenRoom.noWay');
  const stopped = { camera: 'interrupted', microphone: 'on' } as const;
  assert.equal(titleOf({ ...worse, devices: stopped }), 'greenRoom.stopped');
  const explicit = { state: 'explicit', dark: false } as const;
  assert.equal(titleOf({ ...worse, own: explicit }), 'shield.ownExplicitTitle');
});

test("doesn't report a silent microphone right after entering the green room", () => {
  assert.equal(titleOf({ heard: 'listening' }), 'greenRoom.ready');
});
