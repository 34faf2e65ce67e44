import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeviceAlerts, type Notifier } from '../src/state/device-alerts.ts';

const ALERT = { id: 'alert-0001', atMs: 1, title: 'A case waits', body: 'Open the console' };

/** A browser whose user answers the request for permission. */
function browser(answer: NotificationPermission, stored = new Map<string, string>()) {
  const shown: string[] = [];
  let permission: NotificationPermission = 'default';
  let isByWorkerOnly = false;
  const notifier: Notifier = {
    permission: () => permission,
    request: async () => (permission = answer),
    show: ({ id, atMs }) => {
      if (isByWorkerOnly) throw new TypeError('Illegal constructor');
      shown.push(`${id} ${atMs}`);
    },
  };
  const store = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  };
  return {
    ...{ shown, stored },
    onlyByWorker: () => (isByWorkerOnly = true),
    tab: () => new DeviceAlerts(notifier, store),
  };
}

test('shows an alert once in all tabs, and again when it wakes again', async () => {
  const { tab, shown } = browser('granted');
  const first = tab();
  first.show(ALERT, () => {});
  assert.deepEqual([first.state.value, shown], ['off', []]);
  await first.turnOn();
  first.show(ALERT, () => {});
  const second = tab();
  assert.equal(second.state.value, 'on');
  second.show(ALERT, () => {});
  assert.deepEqual(shown, ['alert-0001 1']);
  second.show({ ...ALERT, atMs: 2 }, () => {});
  assert.deepEqual(shown, ['alert-0001 1', 'alert-0001 2']);
});

test('shows nothing after a refusal, or once turned off', async () => {
  const refusing = browser('denied');
  const alerts = refusing.tab();
  await alerts.turnOn();
  alerts.show(ALERT, () => {});
  assert.deepEqual([alerts.state.value, refusing.shown], ['denied', []]);
  const willing = browser('granted');
  const others = willing.tab();
  await others.turnOn();
  others.turnOff();
  others.show(ALERT, () => {});
  assert.deepEqual([others.state.value, willing.shown], ['off', []]);
});

test('says that a browser without notifications has none', async () => {
  const none = new DeviceAlerts(null, {
    getItem: () => null,
    setItem: () => {},
    removeItem: () => {},
  });
  await none.turnOn();
  assert.equal(none.state.value, 'missing');
  const { tab, onlyByWorker } = browser('granted');
  const alerts = tab();
  await alerts.turnOn();
  onlyByWorker();
  alerts.show(ALERT, () => {});
  assert.equal(alerts.state.value, 'missing');
});
