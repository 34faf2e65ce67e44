import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Door, Hour } from '@farandole/matchmaking/hours';
import { ROUND_GATHER_MS, ROUND_MS } from '@farandole/matchmaking/limits';
import { HOUR_LOBBY_MS } from '@farandole/protocol/limits';
import {
  BELL_NOTICE_MS,
  BELL_SHOWN_MS,
  BELL_SPARES_MS,
  USUAL_WAIT_COUNTED_FROM_MS,
  USUAL_WAITS_MIN,
} from '../src/limits.ts';
import type { TestClient } from './support/test-client.ts';
import { World, type WorldOptions } from './support/world.ts';

const MINUTE_MS = 60_000;
/** The date at which the clock of a world starts. */
const NOW_MS = 1_800_000_000_000;

interface HourOptions {
  readonly door?: Door;
  /** When the hour starts, from the start of the world. */
  readonly inMs?: number;
  readonly lastsMs?: number;
  readonly mode?: string;
}

function worldWith(options: HourOptions = {}, more: WorldOptions = {}): World {
  const { door = 'open', inMs = 0, lastsMs = 60 * MINUTE_MS, mode = 'text' } = options;
  const startMs = NOW_MS + inMs;
  const hour: Hour = { id: 'hour-0001', title: 'Films', mode, startMs, endMs: startMs + lastsMs };
  return new World({ ...more, hours: { door, hours: [hour] } });
}

/** Moves the clock without the ticks between. */
function skip(world: World, ms: number): void {
  world.clock.advance(ms);
  world.tick();
}

/** Returns two users whose call opened at the first bell, and the time from it to the next. */
function inFirstRound(options: HourOptions = {}, more: WorldOptions = {}) {
  const world = worldWith(options, more);
  const [ada, bo] = world.pair('ada', 'bo');
  world.pass(ROUND_GATHER_MS);
  assert.ok(ada.call !== null && bo.call !== null);
  return { world, ada, bo, toBellMs: ROUND_MS - (world.clock.wallMs() - NOW_MS) };
}

/** Returns two users who know that the bell rings in `BELL_NOTICE_MS`. */
function beforeBell(options: HourOptions = {}, more: WorldOptions = {}) {
  const { toBellMs, ...pair } = inFirstRound(options, more);
  skip(pair.world, toBellMs - BELL_NOTICE_MS);
  return pair;
}

function refusal(world: World, one: TestClient, mode: 'text' | 'video' = 'text'): string | null {
  one.searchFor(mode);
  world.flush();
  const refused = one.all('ticket.refused').at(-1)?.reason ?? null;
  if (refused === null) one.withdraw();
  world.flush();
  return refused;
}

test('[GW-140] refuses modes that the door shuts, and says so', () => {
  const later = { inMs: HOUR_LOBBY_MS + 1_000 };
  const refused = (door: Door, mode: 'text' | 'video') => {
    const world = worldWith({ ...later, door });
    return refusal(world, world.joinAdult('ada'), mode);
  };
  assert.equal(refused('open', 'video'), null);
  assert.equal(refused('text', 'text'), null);
  assert.equal(refused('text', 'video'), 'closed');
  assert.equal(refused('closed', 'text'), 'closed');
});

test('[GW-140] refuses private meetings behind a closed door', () => {
  const world = worldWith({ door: 'closed', inMs: 60 * MINUTE_MS });
  const ada = world.joinAdult('ada');
  ada.say('invitation.create', { id: ada.newName('invitation') });
  world.flush();
  const { invitation } = ada.last('invitation.created');
  ada.searchFor('text', { meeting: { by: 'invitation', token: invitation } });
  world.flush();
  assert.equal(ada.last('ticket.refused').reason, 'closed');
});

test('[GW-141] lets users wait for an hour, and pairs them after its bell', () => {
  const world = worldWith({ door: 'closed', inMs: HOUR_LOBBY_MS });
  const [ada, bo] = [world.joinAdult('ada'), world.joinAdult('bo')];
  ada.searchFor('text');
  world.flush();
  assert.equal(ada.last('ticket.accepted').opensInMs, HOUR_LOBBY_MS);
  skip(world, HOUR_LOBBY_MS / 2);
  bo.searchFor('text');
  world.settle();
  assert.equal(bo.last('ticket.accepted').opensInMs, HOUR_LOBBY_MS / 2);
  skip(world, HOUR_LOBBY_MS / 2 - 300);
  world.pass(100);
  assert.deepEqual([ada.call, bo.call], [null, null]);
  world.pass(ROUND_GATHER_MS + 300);
  assert.equal(ada.call?.match, bo.call?.match);
  assert.ok(ada.call !== null);
  const cleo = world.joinAdult('cleo');
  cleo.searchFor('text');
  world.flush();
  assert.equal(cleo.last('ticket.accepted').opensInMs, 0);
});

test('[GW-141] keeps a search without a socket out of the hour until it is back', () => {
  const world = worldWith({ door: 'closed', inMs: MINUTE_MS });
  const [ada, bo] = [world.joinAdult('ada'), world.joinAdult('bo')];
  for (const one of [ada, bo]) one.searchFor('text');
  world.settle();
  skip(world, MINUTE_MS - 5_000);
  world.lose(bo);
  world.pass(5_000 + ROUND_GATHER_MS + 200);
  assert.equal(ada.call, null);
  world.connect(bo);
  world.settle();
  assert.ok(ada.call !== null);
});

test('[GW-142] ends searches at the end of the hour, but no call', () => {
  const world = worldWith({ door: 'closed', lastsMs: 10 * MINUTE_MS });
  const later = world.hours.hours[0];
  assert.ok(later !== undefined);
  const startMs = later.startMs + 24 * 60 * MINUTE_MS;
  world.hours = {
    door: 'closed',
    hours: [later, { ...later, startMs, endMs: startMs + MINUTE_MS }],
  };
  const [ada, bo] = world.pair('ada', 'bo');
  world.pass(ROUND_GATHER_MS);
  const cleo = world.joinAdult('cleo');
  cleo.searchFor('text');
  world.settle();
  assert.ok(ada.call !== null);
  skip(world, 10 * MINUTE_MS);
  assert.equal(cleo.last('ticket.refused').reason, 'closed');
  assert.ok(ada.call !== null && bo.call !== null);
});

test('[GW-142] applies changed hours at the next tick', () => {
  const world = new World();
  const ada = world.joinAdult('ada');
  ada.searchFor('text');
  world.settle();
  world.hours = worldWith({ door: 'closed', inMs: 60 * MINUTE_MS }).hours;
  world.tick();
  assert.equal(ada.last('ticket.refused').reason, 'closed');
  assert.equal(refusal(world, world.joinAdult('bo')), 'closed');
});

test('[GW-143] doesn’t offer a call to move up to a mode that is shut', () => {
  const world = worldWith({ door: 'closed', mode: 'text' });
  const [ada, bo] = world.pair('ada', 'bo');
  world.pass(ROUND_GATHER_MS);
  assert.equal(ada.last('match.found').videoOffered, undefined);
  for (const one of [ada, bo]) one.consentVideo(true);
  world.flush();
  assert.equal(ada.last('video.refused').reason, 'too-often');
  assert.equal(ada.all('video.started').length, 0);
});

test('[GW-144, PR-130] notifies both users of the bell, which ends the call', () => {
  const { world, ada, bo } = beforeBell();
  for (const one of [ada, bo]) {
    assert.equal(one.last('round.ending').inMs, BELL_NOTICE_MS);
    one.answerBell();
  }
  skip(world, BELL_NOTICE_MS - 1);
  assert.ok(ada.call !== null);
  skip(world, 1);
  for (const one of [ada, bo]) assert.equal(one.last('call.ended').reason, 'bell');
});

test('[GW-144] continues a call if a page showed the bell too late or never', () => {
  for (const lateMs of [1, BELL_NOTICE_MS - 1]) {
    const { world, ada, bo } = beforeBell();
    ada.answerBell();
    skip(world, BELL_NOTICE_MS - BELL_SHOWN_MS + lateMs);
    bo.answerBell();
    skip(world, BELL_NOTICE_MS);
    assert.ok(ada.call !== null && bo.call !== null);
  }
  const { world, ada, bo } = beforeBell();
  for (const one of [ada, bo]) {
    skip(world, (BELL_NOTICE_MS - BELL_SHOWN_MS) / 2);
    one.answerBell();
  }
  skip(world, BELL_SHOWN_MS);
  assert.equal(ada.call, null);
});

test('[GW-145] continues a call if both users want to, and says nothing', () => {
  const { world, ada, bo } = beforeBell();
  for (const one of [ada, bo]) one.answerBell();
  ada.answerBell(true);
  world.flush();
  skip(world, BELL_NOTICE_MS / 2);
  const heard = bo.received.length;
  bo.answerBell(true);
  skip(world, BELL_NOTICE_MS / 2);
  assert.ok(ada.call !== null && bo.call !== null);
  assert.deepEqual(
    bo.received.slice(heard).filter(({ type }) => type !== 'link.ack'),
    [],
  );
  skip(world, ROUND_MS - BELL_NOTICE_MS);
  assert.equal(ada.all('round.ending').length, 2);
});

test('[GW-144] ends no call early when the date jumps past the bell', () => {
  for (const shownForMs of [BELL_SHOWN_MS - 1_000, BELL_SHOWN_MS]) {
    const { world, ada, bo } = beforeBell();
    for (const one of [ada, bo]) one.answerBell();
    skip(world, shownForMs);
    world.clock.jumpWall(MINUTE_MS);
    world.tick();
    assert.equal(ada.call === null && bo.call === null, shownForMs === BELL_SHOWN_MS);
  }
});

test('[GW-145] tells neither user who wanted to continue', () => {
  const endings = [0, 1, 2].map((wanting) => {
    const { world, ada, bo } = beforeBell();
    for (const one of [ada, bo]) one.answerBell();
    if (wanting > 0) ada.answerBell(true);
    // A user may also change their mind.
    if (wanting > 1) ada.answerBell(false);
    skip(world, BELL_NOTICE_MS);
    const { seq: _, match: __, ...ended } = bo.last('call.ended');
    return ended;
  });
  const [first] = endings;
  for (const ended of endings) assert.deepEqual(ended, first);
});

test('[GW-146] rings no bell for a private meeting', () => {
  const world = worldWith();
  const [ada, bo] = [world.joinAdult('ada'), world.joinAdult('bo')];
  ada.say('invitation.create', { id: ada.newName('invitation') });
  world.flush();
  const meeting = { by: 'invitation', token: ada.last('invitation.created').invitation } as const;
  for (const one of [ada, bo]) one.searchFor('text', { meeting });
  world.settle();
  assert.ok(ada.call !== null);
  skip(world, ROUND_MS - BELL_NOTICE_MS);
  assert.equal(ada.all('round.ending').length, 0);
});

test('[GW-146] rings no bell for a language exchange', () => {
  const offered = ['text', 'voice', 'video', 'exchange'] as const;
  const world = worldWith({}, { rules: { offered: [...offered] } });
  const [ada, bo] = [world.joinAdult('ada'), world.joinAdult('bo')];
  const speaks = (own: string, other: string) => ({
    exchange: { speaks: [own], learns: [{ language: other, level: 'B1' as const }], helps: false },
  });
  ada.searchFor('text', speaks('en', 'fr'));
  bo.searchFor('text', speaks('fr', 'en'));
  world.settle();
  assert.ok(ada.call !== null && ada.call.match === bo.call?.match);
  skip(world, ROUND_MS - BELL_NOTICE_MS);
  assert.equal(ada.all('round.ending').length, 0);
});

test('[GW-146] spares young calls, other modes and earlier calls', () => {
  const world = worldWith({ mode: 'text' });
  skip(world, ROUND_MS - BELL_SPARES_MS + 1_000);
  const [young] = world.pair('ada', 'bo');
  assert.ok(young.call !== null);
  const [video] = world.pair('cleo', 'dan', 'video');
  assert.ok(video.call !== null);
  skip(world, BELL_SPARES_MS - 1_100 - BELL_NOTICE_MS);
  world.pass(200);
  assert.equal(young.all('round.ending').length + video.all('round.ending').length, 0);

  const before = worldWith({ mode: 'text', inMs: 5_000 });
  const [earlier] = before.pair('ada', 'bo');
  skip(before, 5_000 + ROUND_MS - BELL_NOTICE_MS);
  assert.ok(earlier.call !== null);
  assert.equal(earlier.all('round.ending').length, 0);
});

test('[GW-146] rings no bell for hours that the operator removed meanwhile', () => {
  const { world, ada, bo } = beforeBell();
  for (const one of [ada, bo]) one.answerBell();
  world.hours = { door: 'open', hours: [] };
  skip(world, BELL_NOTICE_MS);
  assert.ok(ada.call !== null && bo.call !== null);
});

test('[GW-146] ignores an answer without a bell', () => {
  const { world, ada, bo } = inFirstRound();
  ada.answerBell(true);
  world.flush();
  assert.ok(ada.call !== null && bo.call !== null);
});

test('[GW-147] pairs users anew after the bell, with other partners', () => {
  const world = worldWith();
  const people = ['ada', 'bo', 'cleo', 'dan'].map((name) => world.joinAdult(name));
  for (const one of people) one.searchFor('text');
  world.pass(ROUND_GATHER_MS + 200);
  const first = people.map(({ call }) => call?.match);
  assert.ok(first.every((match) => match !== undefined));
  skip(world, ROUND_MS - BELL_NOTICE_MS - (world.clock.wallMs() - NOW_MS));
  for (const one of people) one.answerBell();
  skip(world, BELL_NOTICE_MS);
  for (const one of people) one.searchFor('text');
  world.pass(ROUND_GATHER_MS + 200);
  const second = people.map(({ call }) => call?.match);
  assert.ok(second.every((match) => match !== undefined && !first.includes(match)));
});

test('[GW-148] promises no waiting time in an hour, and learns none', () => {
  const world = worldWith({ inMs: 60 * MINUTE_MS, lastsMs: 60 * MINUTE_MS });
  const meet = (number: number) => {
    const ada = world.joinAdult(`ada-${number}`);
    ada.searchFor('text');
    world.settle();
    skip(world, USUAL_WAIT_COUNTED_FROM_MS);
    world.joinAdult(`bo-${number}`).searchFor('text');
    world.pass(ROUND_GATHER_MS + 200);
    assert.ok(ada.call !== null);
    return ada.last('ticket.accepted').usualWaitMs;
  };
  for (let number = 0; number < USUAL_WAITS_MIN; number++) assert.equal(meet(number), undefined);
  assert.notEqual(meet(100), undefined);
  skip(world, NOW_MS + 60 * MINUTE_MS - world.clock.wallMs());
  assert.equal(meet(101), undefined);
});

const PAINTERS = { name: 'painters', version: 1 } as const;

/** Returns a world in which two communities are open, and one has an hour. */
function worldOfPainters(options: HourOptions = {}): World {
  const world = worldWith(options);
  for (const name of ['painters', 'writers']) world.communities.open(name);
  const { door, hours } = world.hours;
  world.hours = { door, hours: hours.map((hour) => ({ ...hour, community: 'painters' })) };
  return world;
}

test('[GW-190] opens and closes the door of the hour’s community only', () => {
  const world = worldOfPainters({ door: 'closed', inMs: 60 * MINUTE_MS });
  const search = (name: string, community?: { name: string; version: number }) => {
    const one = world.joinAdult(name);
    one.searchFor('text', community === undefined ? {} : { community });
    world.flush();
    return one.all('ticket.refused').at(-1)?.reason ?? null;
  };
  assert.equal(search('ada', PAINTERS), 'closed');
  assert.equal(search('bo'), null);
  assert.equal(search('cleo', { name: 'writers', version: 1 }), null);
  const open = worldOfPainters({ door: 'closed' });
  const later = open.hours.hours.map((hour) => {
    const { community: _, ...others } = hour;
    return { ...others, id: 'hour-0002', startMs: hour.endMs, endMs: hour.endMs + MINUTE_MS };
  });
  open.hours = { door: 'closed', hours: [...open.hours.hours, ...later] };
  open.tick();
  const [dan, eve] = [open.joinAdult('dan'), open.joinAdult('eve')];
  dan.searchFor('text', { community: PAINTERS });
  eve.searchFor('text');
  open.flush();
  assert.equal(dan.last('ticket.accepted').opensInMs, 0);
  assert.equal(eve.last('ticket.refused').reason, 'closed');
});

test('[GW-190] rings the bell of the hour’s community only', () => {
  const world = worldOfPainters();
  const people = ['ada', 'bo', 'cleo', 'dan', 'eve', 'finn'].map((name) => world.joinAdult(name));
  const writers = { name: 'writers', version: 1 };
  const pools = [PAINTERS, PAINTERS, undefined, undefined, writers, writers];
  for (const [at, one] of people.entries()) {
    const community = pools[at];
    one.searchFor('text', community === undefined ? {} : { community });
  }
  world.pass(ROUND_GATHER_MS + 200);
  for (const one of people) assert.ok(one.call !== null);
  skip(world, ROUND_MS - BELL_NOTICE_MS - (world.clock.wallMs() - NOW_MS));
  assert.deepEqual(
    people.map((one) => one.all('round.ending').length),
    [1, 1, 0, 0, 0, 0],
  );
  for (const one of people) one.answerBell();
  skip(world, BELL_NOTICE_MS);
  assert.deepEqual(
    people.map((one) => one.call === null),
    [true, true, false, false, false, false],
  );
});

test('[GW-190] rings the bells of two hours that are on at once', () => {
  const world = worldOfPainters();
  const [first] = world.hours.hours;
  assert.ok(first !== undefined);
  const { community: _, ...ofAll } = first;
  const startMs = first.startMs + 2 * MINUTE_MS;
  const other = { ...ofAll, id: 'hour-0002', startMs };
  world.hours = { door: 'open', hours: [first, other] };
  skip(world, 2 * MINUTE_MS);
  const [ada, bo] = world.pair('ada', 'bo');
  const [cleo, dan] = [world.joinAdult('cleo'), world.joinAdult('dan')];
  for (const one of [cleo, dan]) one.searchFor('text', { community: PAINTERS });
  world.pass(ROUND_GATHER_MS + 200);
  assert.ok(ada.call !== null && cleo.call !== null);
  const to = (atMs: number) => skip(world, atMs - world.clock.wallMs());
  to(first.startMs + ROUND_MS - BELL_NOTICE_MS);
  for (const one of [cleo, dan]) one.answerBell();
  to(first.startMs + ROUND_MS);
  assert.deepEqual([ada.call === null, cleo.call === null], [false, true]);
  to(startMs + ROUND_MS - BELL_NOTICE_MS);
  for (const one of [ada, bo]) one.answerBell();
  to(startMs + ROUND_MS);
  assert.equal(ada.call, null);
});
