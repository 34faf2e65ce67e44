import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { startCoturn } from '@farandole/e2e/coturn';
import { RELAY_CHECKED_EVERY_MS, RELAY_FIRST_CHECK_MS_MAX } from '../src/limits.ts';
import { RelayWatch } from '../src/net/relay-watch.ts';
import { parseTurnUrl } from '../src/net/turn-url.ts';
import { systemClock } from '../src/node/system-clock.ts';

/** The longest time between two checks: the mean and a quarter. */
const LATEST_MS = RELAY_CHECKED_EVERY_MS * 1.25;

function watchOf(t: TestContext, text: string, secret: string, chance = 0.999): RelayWatch {
  const url = parseTurnUrl(text);
  assert.ok(url !== null);
  const machineMs = () => systemClock.wallMs();
  const watch = new RelayWatch({ urls: [url], secret, machineMs, chance: () => chance });
  t.after(() => watch.close());
  return watch;
}

/** Waits for the end of the running check. */
async function untilChecked(watch: RelayWatch): Promise<void> {
  while (watch.isChecking) await nextTurn();
}

const isReachable = (watch: RelayWatch) => watch.states[0]?.isReachable;

test('finds a relay reachable, and later unreachable, by a real allocation', async (t) => {
  const coturn = await startCoturn();
  t.after(() => coturn.stop());
  const url = coturn.url.replace('=udp', '=tcp');
  const watch = watchOf(t, url, coturn.secret);
  watch.tick(0);
  assert.equal(watch.isChecking, false, 'nodes that start together don’t check together');
  assert.deepEqual(watch.states, [{ url, isReachable: false }]);
  watch.tick(RELAY_FIRST_CHECK_MS_MAX);
  await untilChecked(watch);
  assert.equal(isReachable(watch), true);
  await coturn.printed(/watch-0>: incoming packet ALLOCATE processed, success/);
  await coturn.stop();
  watch.tick(RELAY_FIRST_CHECK_MS_MAX + 1);
  assert.equal(watch.isChecking, false);
  watch.tick(RELAY_FIRST_CHECK_MS_MAX + LATEST_MS);
  await untilChecked(watch);
  assert.equal(isReachable(watch), false);
});

test('finds a relay with another secret unreachable', async (t) => {
  const coturn = await startCoturn();
  t.after(() => coturn.stop());
  const watch = watchOf(t, coturn.url, 'another-secret-of-the-node', 0);
  watch.tick(0);
  await untilChecked(watch);
  assert.equal(isReachable(watch), false);
  await coturn.printed(/Cannot find credentials of user <[0-9]+:watch-0>/);
});

test('ends a running check when the node stops', async (t) => {
  // The discard port answers nothing.
  const watch = watchOf(t, 'turn:192.0.2.1:9?transport=udp', 'a-secret-of-this-test', 0);
  watch.tick(0);
  assert.ok(watch.isChecking);
  watch.close();
  await untilChecked(watch);
  watch.tick(LATEST_MS);
  assert.equal(watch.isChecking, false);
});
