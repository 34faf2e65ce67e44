import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signal } from '@preact/signals';
import { FAKE_PUSH_KEPT_MS, FakeSystem } from '../src/fakes/fake-system.ts';
import { HourReminder } from '../src/system/hour-reminder.ts';

const NOW_MS = 1_800_000_000_000;
const HOUR_MS = 3_600_000;

/** Returns an hour that begins after `inMs`. */
const hourIn = (inMs: number) => ({ title: 'Films', startMs: NOW_MS + inMs });

function scene(set: (system: FakeSystem) => void = () => {}, key: string | null = 'a-key') {
  const clock = { nowMs: NOW_MS };
  const page: { community?: string } = {};
  const system = new FakeSystem(() => clock.nowMs);
  set(system);
  const ports = { serverKey: signal(key), receipt: () => 'a-receipt', wallMs: system.wallMs };
  const community = () => page.community;
  const make = () => new HourReminder({ ...ports, community, notifier: system.notifier });
  return { clock, page, system, make, reminder: make() };
}

test('asks the server to notify the browser once, until the hour begins', async () => {
  const { clock, system, make, reminder } = scene();
  assert.equal(reminder.view.value, 'off');
  await reminder.start(hourIn(HOUR_MS));
  assert.equal(reminder.view.value, 'on');
  const endpoint = 'https://push.example/1';
  assert.deepEqual(system.requests, [
    { do: 'start', endpoint, mode: 'hour', receipt: 'a-receipt' },
  ]);
  assert.equal(make().view.value, 'on');
  clock.nowMs += HOUR_MS;
  assert.equal(make().view.value, 'off');
});

test('stops the reminder, and keeps the subscription that another request needs', async () => {
  for (const isNeeded of [false, true]) {
    const { system, reminder } = scene();
    await reminder.start(hourIn(HOUR_MS));
    const endpoint = system.endpoint ?? '';
    if (isNeeded) system.subscribed = { endpoint, untilMs: NOW_MS + HOUR_MS };
    await reminder.stop();
    assert.deepEqual(system.requests.at(-1), { do: 'stop', endpoint, mode: 'hour' });
    assert.equal(system.endpoint, isNeeded ? endpoint : null);
    assert.deepEqual([reminder.view.value, system.hourReminders], ['off', []]);
  }
});

test('offers nothing without notifications, and says what failed', async () => {
  assert.equal(scene(() => {}, null).reminder.view.value, 'none');
  const unable = scene((system) => {
    system.canPush = false;
  });
  assert.equal(unable.reminder.view.value, 'none');
  const refused = scene((system) => {
    system.answers = 'denied';
  });
  await refused.reminder.start(hourIn(HOUR_MS));
  assert.equal(refused.reminder.view.value, 'blocked');
  const offline = scene((system) => {
    system.fault = 'unreachable';
  });
  await offline.reminder.start(hourIn(HOUR_MS));
  assert.equal(offline.reminder.view.value, 'failed');
});

test('refuses an hour that begins after the server forgets the address', async () => {
  const { reminder, system } = scene();
  await reminder.start(hourIn(FAKE_PUSH_KEPT_MS + 1));
  assert.deepEqual([reminder.view.value, system.hourReminders], ['failed', []]);
});

test('[PR-172] keeps a reminder for each community and one for the open pool', async () => {
  const { page, system, reminder } = scene();
  await reminder.start(hourIn(HOUR_MS));
  page.community = 'painters';
  reminder.refresh();
  assert.equal(reminder.view.value, 'off');
  await reminder.start({ title: 'Brushes', startMs: NOW_MS + 2 * HOUR_MS });
  assert.deepEqual(system.requests.at(-1), {
    ...{ do: 'start', endpoint: system.endpoint, mode: 'hour', receipt: 'a-receipt' },
    community: 'painters',
  });
  const kept = () => system.hourReminders.map(({ title, community }) => [title, community]);
  assert.deepEqual(kept(), [
    ['Films', undefined],
    ['Brushes', 'painters'],
  ]);
  await reminder.stop();
  assert.deepEqual(kept(), [['Films', undefined]]);
  assert.notEqual(system.endpoint, null, 'the other reminder needs the subscription');
  delete page.community;
  reminder.refresh();
  assert.equal(reminder.view.value, 'on');
});
