import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HIDDEN_MATCH_MS } from '../src/call/limits.ts';
import type { LinkStats } from '../src/call/link-stats.ts';
import { reportsOf } from '../src/fakes/stats.ts';
import { OWN_CHECK_MS, type Person, World } from '../src/fakes/world.ts';
import { met, openedBoth } from './support/opened.ts';

/** Ada and Bo are matched while Ada's page is in the background. */
async function foundWhileHidden(): Promise<[World, Person, Person]> {
  const { world, ada, bo } = await openedBoth();
  ada.app.navigation.start('text');
  await world.time.advance(100);
  ada.setHidden(true);
  await world.time.advance(60_000);
  assert.equal(ada.app.screen.value, 'waiting', 'the place is kept');
  bo.app.navigation.start('text');
  await world.time.advance(10);
  assert.equal(ada.app.screen.value, 'call-text');
  return [world, ada, bo];
}

test('leaves call and queue when the page was hidden for fifteen seconds', async () => {
  const [world, ada, bo] = await foundWhileHidden();
  await world.time.advance(HIDDEN_MATCH_MS - 100);
  assert.equal(bo.app.screen.value, 'call-text');
  await world.time.advance(100);
  assert.equal(ada.app.call.ended.value?.reason, 'away');
  assert.equal(bo.app.call.ended.value?.reason, 'left');
  assert.equal(ada.app.search.view.value, null);
  ada.setHidden(false);
  ada.app.navigation.next();
  await world.time.advance(10);
  assert.equal(ada.app.screen.value, 'waiting', 'one press looks again');
  world.assertNoFault();
});

test('keeps the call if a hidden page is shown again in time', async () => {
  const [world, ada, bo] = await foundWhileHidden();
  await world.time.advance(HIDDEN_MATCH_MS - 100);
  ada.setHidden(false);
  await world.time.advance(1_000);
  ada.setHidden(true);
  await world.time.advance(10 * HIDDEN_MATCH_MS);
  assert.equal(ada.app.screen.value, 'call-text');
  assert.equal(bo.app.screen.value, 'call-text');
});

test('restarts the background timeout at each match', async () => {
  const [world, ada, bo] = await foundWhileHidden();
  await world.time.advance(HIDDEN_MATCH_MS - 1_000);
  bo.app.navigation.stop();
  await world.time.advance(10);
  assert.equal(ada.app.call.ended.value?.reason, 'left');
  bo.app.navigation.next();
  ada.app.navigation.next();
  await world.time.advance(2_000);
  assert.equal(ada.app.screen.value, 'call-text', 'the fifteen seconds count from this match');
  await world.time.advance(HIDDEN_MATCH_MS);
  assert.equal(ada.app.call.ended.value?.reason, 'away');
});

test('pings the server at once when the page becomes visible again', async () => {
  const { world, ada } = await met('text');
  ada.setHidden(true);
  await world.time.advance(500);
  world.node.pings = 0;
  ada.setHidden(false);
  await world.time.quiet();
  assert.equal(world.node.pings, 1);
});

const CLEAN: LinkStats = {
  ...{ rttMs: 30, packetsLost: 0, jitterMs: 2, frozenMs: 0 },
  ...{ packetsReceived: 0, lossOut: null, sentHeight: 480 },
};

test("shows a video call's quality and how long video has been lost", async () => {
  const world = new World();
  let stats = CLEAN;
  world.rtc.reports = reportsOf(stats);
  const [ada, bo] = await world.meet('video');
  const run = async (seconds: number, perSecond: number): Promise<void> => {
    for (let at = 0; at < seconds; at += 1) {
      stats = { ...stats, packetsReceived: stats.packetsReceived + perSecond };
      world.rtc.reports = reportsOf(stats);
      await world.time.advance(1_000);
    }
  };
  await run(4, 100);
  assert.equal(ada.app.call.view.value?.quality?.level, 'good');
  await run(5, 0);
  assert.equal(ada.app.call.view.value?.flow, 'interrupted');
  assert.equal(ada.app.call.view.value.quality?.level, 'lost');
  assert.ok((ada.app.call.view.value.quality?.lostForMs ?? 0) >= 1_000);
  await run(4, 100);
  assert.equal(ada.app.call.view.value?.quality?.level, 'good');
  assert.equal(bo.app.call.view.value?.flow, 'flowing');
  world.assertNoFault();
});

test('lowers poor video and offers sound-only calls only while the camera is on', async () => {
  const world = new World();
  world.rtc.reports = reportsOf({ ...CLEAN, lossOut: 0.4 });
  const [ada] = await world.meet('video');
  await world.time.advance(12_000);
  const { quality } = ada.app.call.view.value ?? {};
  assert.deepEqual(
    { level: quality?.level, lowering: quality?.lowering, offers: quality?.offersSoundOnly },
    { level: 'poor', lowering: true, offers: true },
  );
  ada.app.call.declineSoundOnly();
  assert.equal(ada.app.call.view.value?.quality?.offersSoundOnly, false);
  ada.app.devices.toggle('video');
  assert.equal(ada.app.call.view.value?.quality?.lowering, false);
  await world.time.advance(OWN_CHECK_MS);
  assert.ok(world.rtc.connections.some(({ limits }) => limits.length === 3));
});
