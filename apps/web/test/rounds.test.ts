import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HoursFacts } from '@farandole/protocol/http-api';
import { HOUR_LOBBY_MS } from '@farandole/protocol/limits';
import type { Person } from '../src/fakes/world.ts';
import { nextChangeMs, noteArrival, openModes, timesOf } from '../src/screens/hour/hour-times.ts';
import { met } from './support/opened.ts';

const MINUTE_MS = 60_000;
const BELL_MS = 35_000;

async function beforeBell() {
  const { world, ada, bo } = await met('text');
  const { rounds } = await ada.app.reactions.load();
  for (const call of world.server.calls.values()) world.server.announceBell(call, BELL_MS);
  await world.time.quiet();
  const answers = (): unknown[] =>
    world.server.said.flatMap(({ message }) =>
      message.type === 'round.answer' ? [message.more] : [],
    );
  const ring = async (one: Person) => {
    for (const call of world.server.calls.values()) world.server.end(call, 'a', 'bell', 'bell');
    await world.time.quiet();
    return one.app.search.view.value;
  };
  return { world, ada, bo, rounds, answers, ring };
}

test('answers the bell only once it is shown, and again when the user presses', async () => {
  const { world, rounds, answers } = await beforeBell();
  assert.equal(rounds.bell.value?.more, false);
  assert.deepEqual(answers(), []);
  rounds.shown();
  rounds.setMore(true);
  rounds.setMore(true);
  rounds.setMore(false);
  await world.time.quiet();
  assert.deepEqual(answers(), [false, true, false]);
  world.assertNoFault();
});

test('searches for the next partner after the bell ended the call', async () => {
  const { world, ada, rounds, ring } = await beforeBell();
  world.server.matches = false;
  rounds.shown();
  assert.equal((await ring(ada))?.mode, 'text');
  assert.equal(rounds.bell.value, null);
});

test('stays with the ended call while the user writes a report', async () => {
  const { ada, ring } = await beforeBell();
  ada.app.report.open();
  assert.equal(await ring(ada), null);
  assert.equal(ada.app.call.ended.value?.reason, 'bell');
});

test('takes the bell away when it has rung and the call goes on', async () => {
  const { world, ada, rounds } = await beforeBell();
  await world.time.advance(BELL_MS);
  assert.notEqual(rounds.bell.value, null);
  await world.time.advance(2_000);
  assert.equal(rounds.bell.value, null);
  assert.notEqual(ada.app.call.view.value, null);
});

test('forgets the bell of a call that ended before', async () => {
  const { world, ada, rounds } = await beforeBell();
  ada.app.navigation.stop();
  await world.time.quiet();
  assert.equal(rounds.bell.value, null);
  assert.equal(ada.app.search.view.value, null);
});

const hoursOf = (door: HoursFacts['door']): HoursFacts => ({
  door,
  next: {
    id: 'hour-0001',
    title: 'Films',
    mode: 'video',
    startsInMs: 30 * MINUTE_MS,
    endsInMs: 90 * MINUTE_MS,
  },
});

test('counts an hour from the arrival of the server’s answer', () => {
  const hours = hoursOf('open');
  noteArrival(hours, 1_000);
  noteArrival(hours, 9_000);
  const expected = { startMs: 1_000 + 30 * MINUTE_MS, endMs: 1_000 + 90 * MINUTE_MS };
  assert.deepEqual(timesOf(hours, 500_000), expected);
});

test('changes what it shows at full minutes, at most once a minute', () => {
  const times = { startMs: 10 * MINUTE_MS, endMs: 70 * MINUTE_MS };
  assert.equal(nextChangeMs(times, 0), MINUTE_MS);
  assert.equal(nextChangeMs(times, 20_000), 40_000);
  assert.equal(nextChangeMs(times, times.startMs - 1), 1);
  assert.equal(nextChangeMs(times, times.startMs), MINUTE_MS);
});

test('opens modes by the door, and the hour’s mode from the lobby on', () => {
  const times = { startMs: 60 * MINUTE_MS, endMs: 120 * MINUTE_MS };
  const at = (door: HoursFacts['door'], nowMs: number) =>
    openModes(hoursOf(door), times, ['video', 'text'], nowMs).join(' ');
  assert.equal(at('open', 0), 'video text');
  assert.equal(at('text', 0), 'text');
  assert.equal(at('closed', times.startMs - HOUR_LOBBY_MS - 1), '');
  assert.equal(at('closed', times.startMs - HOUR_LOBBY_MS), 'video');
  assert.equal(at('text', times.startMs), 'video text');
  assert.equal(at('closed', times.endMs), '');
});
