import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestClient } from './support/test-client.ts';
import { World } from './support/world.ts';

const HOME = { network: 'network-of-home', parent: 'network-of-carrier' };

test('[GW-79] reports each ended call once, with networks, chat line counts, seen frames', () => {
  const world = new World();
  const [ada, bo] = talkFrom(world, 'video');
  for (const id of ['line-0001', 'line-0002']) {
    ada.say('chat.send', { ...ada.inCall(), id, text: 'Hello' });
  }
  ada.say('call.first-frame', { ...ada.inCall(), elapsedMs: 400, way: 'direct' });
  const { match } = ada.inCall();
  world.pass(20_000);
  ada.say('call.end', { ...ada.inCall(), reason: 'next' });
  world.settle();
  const [call, ...more] = world.ended;
  assert.deepEqual(more, []);
  assert.ok(call !== undefined);
  assert.deepEqual([call.match, call.counts], [match, true]);
  assert.ok(call.lastedMs >= 20_000);
  const seats = new Map(call.seats.map(({ subject, ...seat }) => [subject, seat]));
  assert.deepEqual(seats.get(ada.subject), { network: HOME, lines: 2, wasSeen: false });
  // `wasSeen` is true because Ada's page reported a video frame of Bo.
  assert.deepEqual(seats.get(bo.subject), { network: null, lines: 0, wasSeen: true });
});

test('[GW-79] after a rejoin, the call still records whose video was seen', () => {
  const world = new World();
  const [ada, bo] = talkFrom(world, 'video');
  bo.say('call.first-frame', { ...bo.inCall(), elapsedMs: 400, way: 'direct' });
  world.flush();
  world.lose(ada);
  const { subject, device } = ada;
  const again = world.newClient('ada-again', { subject, device, isNewPage: true });
  world.connect(again);
  again.rejoin();
  world.flush();
  bo.say('call.end', { ...bo.inCall(), reason: 'next' });
  world.settle();
  const [{ seats } = assert.fail('the call ended')] = world.ended;
  const seen = seats.map((seat) => [seat.subject, seat.wasSeen]);
  assert.deepEqual(
    new Map(seen as [string, boolean][]),
    new Map([
      [ada.subject, true],
      [bo.subject, false],
    ]),
  );
});

test('[GW-79] stores the reporter’s network and the call’s duration in a report', () => {
  const world = new World();
  const [ada, bo] = talkFrom(world, 'text');
  const { call } = ada;
  assert.ok(call !== null && bo.call !== null);
  world.pass(15_000);
  ada.say('call.end', { ...ada.inCall(), reason: 'next' });
  world.settle();
  // Time passes after the call ended. The duration in the report must not include this time.
  world.pass(60_000);
  ada.report(call);
  world.flush();
  const report = world.journal.pending.find(({ record }) => record.kind === 'report')?.record;
  assert.ok(report?.kind === 'report' && report.lastedMs !== undefined);
  assert.deepEqual(report.from, HOME);
  assert.ok(report.lastedMs >= 15_000 && report.lastedMs < 20_000, String(report.lastedMs));
});

function talkFrom(world: World, mode: 'video' | 'text'): [TestClient, TestClient] {
  const clients: [TestClient, TestClient] = [
    world.joinAdult('ada', { network: HOME }),
    world.joinAdult('bo'),
  ];
  for (const client of clients) client.searchFor(mode);
  world.settle();
  return clients;
}
