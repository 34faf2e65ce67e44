import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signal } from '@preact/signals';
import { FAKE_PUSH_KEPT_MS, FakeSystem } from '../src/fakes/fake-system.ts';
import { TellMe, type TellMePorts } from '../src/system/tell-me.ts';

const NOW_MS = 1_800_000_000_000;
const TEXT = 'Farandole: someone is here';

function scene(set: (system: FakeSystem) => void = () => {}, change: Partial<TellMePorts> = {}) {
  let nowMs = NOW_MS;
  let soundsTurnedOn = 0;
  const system = new FakeSystem(() => nowMs);
  set(system);
  const inCall = signal(false);
  const make = (): TellMe =>
    new TellMe({
      notifier: system.notifier,
      wallMs: system.wallMs,
      serverKey: signal('a-key'),
      receipt: () => 'a-receipt',
      inCall,
      text: () => TEXT,
      turnSoundsOn: () => {
        soundsTurnedOn += 1;
      },
      ...change,
    });
  return {
    ...{ system, inCall, make, tellMe: make() },
    soundsTurnedOn: () => soundsTurnedOn,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

test('asks for the permission only after the press, then subscribes for the mode', async () => {
  const { system, tellMe, soundsTurnedOn } = scene();
  const { state, canPush, needsInstall } = tellMe.view.value;
  assert.deepEqual([state, canPush, needsInstall], ['off', true, false]);
  assert.equal(system.current, 'default');
  await tellMe.start('text');
  assert.deepEqual(system.requests, [
    { do: 'start', endpoint: 'https://push.example/1', mode: 'text', receipt: 'a-receipt' },
  ]);
  assert.deepEqual(
    [tellMe.view.value.state, tellMe.view.value.endsAtMs, soundsTurnedOn()],
    ['push', NOW_MS + FAKE_PUSH_KEPT_MS, 1],
  );
});

test('stops at the push service and at the server', async () => {
  const { system, tellMe } = scene();
  await tellMe.start('video');
  await tellMe.stop();
  assert.deepEqual(system.requests.at(-1), { do: 'stop', endpoint: 'https://push.example/1' });
  assert.deepEqual([system.endpoint, system.subscribed], [null, null]);
  assert.equal(tellMe.view.value.state, 'off');
  await tellMe.start('video');
  assert.equal(tellMe.view.value.state, 'push');
});

test('stops in this browser even if the server isn’t reached', async () => {
  const { system, tellMe } = scene();
  await tellMe.start('video');
  system.fault = 'unreachable';
  await tellMe.stop();
  assert.deepEqual([system.endpoint, system.subscribed], [null, null]);
});

test('tells while the page is open if it can’t when closed', async () => {
  for (const [set, change, permission, failed] of [
    [{ canPush: false }, {}, 'granted', false],
    [{ answers: 'denied' }, {}, 'denied', false],
    [{ canPush: false, current: 'unsupported' }, {}, 'unsupported', false],
    [{}, { serverKey: signal(null) }, 'granted', false],
    [{ pushServiceReachable: false }, {}, 'granted', true],
    [{ fault: 'crowded' }, {}, 'granted', true],
    [{}, { receipt: () => null }, 'granted', true],
  ] as const) {
    const { system, tellMe, inCall } = scene((one) => void Object.assign(one, set), change);
    await tellMe.start('video');
    const view = tellMe.view.value;
    assert.deepEqual(
      [view.state, view.permission, view.failed],
      ['page', permission, failed],
      JSON.stringify(set),
    );
    assert.deepEqual([system.endpoint, system.subscribed], [null, null]);
    inCall.value = true;
    assert.deepEqual(system.shown, [TEXT]);
  }
});

test('shows one notification per match, and none before the user asks or after they stop', async () => {
  const { system, tellMe, inCall } = scene();
  const match = (): void => {
    inCall.value = true;
    inCall.value = false;
  };
  match();
  assert.deepEqual(system.shown, []);
  await tellMe.start('video');
  match();
  match();
  assert.deepEqual(system.shown, [TEXT, TEXT]);
  await tellMe.stop();
  match();
  assert.equal(system.shown.length, 2);
});

test('ends the wait for an answer when the user stops meanwhile', async () => {
  const { system, tellMe } = scene((one) => {
    one.answers = 'never';
  });
  void tellMe.start('video');
  assert.equal(tellMe.view.value.state, 'asking');
  tellMe.refresh();
  assert.equal(tellMe.view.value.state, 'asking');
  await tellMe.stop();
  assert.deepEqual([tellMe.view.value.state, system.requests], ['off', []]);
});

test('is still on after a reload, until the time is over or the permission is gone', async () => {
  const { system, tellMe, make, pass } = scene();
  await tellMe.start('video');
  const again = make();
  assert.equal(again.view.value.state, 'push');
  system.current = 'denied';
  again.refresh();
  assert.deepEqual([again.view.value.state, again.view.value.permission], ['off', 'denied']);
  system.current = 'granted';
  pass(FAKE_PUSH_KEPT_MS);
  again.refresh();
  assert.deepEqual([again.view.value.state, make().view.value.state], ['off', 'off']);
});

test('says that the page must be installed only if the server sends notifications', () => {
  const ios = (system: FakeSystem): void => {
    system.canPush = false;
    system.needsInstall = true;
  };
  assert.equal(scene(ios).tellMe.view.value.needsInstall, true);
  assert.equal(scene(ios, { serverKey: signal(null) }).tellMe.view.value.needsInstall, false);
});

test('shows that notifications are on once the page learns the server’s key', async () => {
  const serverKey = signal<string | null>('a-key');
  const { tellMe, make } = scene(() => {}, { serverKey });
  await tellMe.start('video');
  serverKey.value = null;
  const reloaded = make();
  assert.equal(reloaded.view.value.state, 'off');
  serverKey.value = 'a-key';
  assert.equal(reloaded.view.value.state, 'push');
});
