import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import {
  type Door,
  doorAt,
  type Hour,
  hourAt,
  hourFrom,
  hoursFor,
  hoursIn,
  isOffered,
  nextBellMs,
  offeredFromMs,
  type RoundState,
  roundsAt,
} from '@farandole/matchmaking/hours';
import { RETRY_AFTER_MS, ROUND_GATHER_MS, ROUND_MS } from '@farandole/matchmaking/limits';
import type { Pool } from '@farandole/matchmaking/pool';
import { PairBook } from '@farandole/matchmaking/testing/pair-book';
import { makePool } from './support/pools.ts';
import { makeTicket } from './support/tickets.ts';

const START = 1_000_000;
const END = START + 2 * ROUND_MS + 60_000;
const HOUR: Hour = { id: 'hour-0001', title: 'Music', mode: 'video', startMs: START, endMs: END };
const LATER: Hour = { ...HOUR, id: 'hour-0002', mode: 'text', startMs: END, endMs: END + 60_000 };
const planOf = (door: Door) => ({ door, hours: [HOUR, LATER] });

const GATHERS: RoundState = { mode: 'video', community: undefined, gathers: true };
const PAIRS: RoundState = { ...GATHERS, gathers: false };

const pairsOf = (pool: Pool, nowMs: number, ...rounds: readonly RoundState[]): string[] =>
  pool
    .runWave(nowMs, createPrng(7), rounds)
    .map(({ tickets }) => tickets.map(({ subject }) => subject.replace('subject-', '')).join('-'));

test('[MM-120] finds the hour that is on, and the next one', () => {
  const plan = planOf('open');
  assert.equal(hourAt(plan, START - 1), null);
  assert.equal(hourAt(plan, START), HOUR);
  assert.equal(hourAt(plan, END - 1), HOUR);
  assert.equal(hourAt(plan, END), LATER);
  assert.equal(hourFrom(plan, START - 1), HOUR);
  assert.equal(hourFrom(plan, LATER.endMs), null);
});

test('[MM-120] derives the rounds from the hour and the time alone', () => {
  const plan = planOf('open');
  assert.deepEqual(roundsAt(plan, START - 1), []);
  for (const bellMs of [START, START + ROUND_MS, START + 2 * ROUND_MS]) {
    assert.deepEqual(roundsAt(plan, bellMs), [GATHERS]);
    assert.deepEqual(roundsAt(plan, bellMs + ROUND_GATHER_MS - 1), [GATHERS]);
    assert.deepEqual(roundsAt(plan, bellMs + ROUND_GATHER_MS), [PAIRS]);
  }
  assert.deepEqual(roundsAt(plan, START + ROUND_MS - 1), [PAIRS]);
});

test('[MM-120] rings each bell within the hour, the first after one round', () => {
  assert.equal(nextBellMs(HOUR, START), START + ROUND_MS);
  assert.equal(nextBellMs(HOUR, START + ROUND_MS - 1), START + ROUND_MS);
  assert.equal(nextBellMs(HOUR, START + ROUND_MS), START + 2 * ROUND_MS);
  assert.equal(nextBellMs(HOUR, START + 2 * ROUND_MS), null);
  assert.equal(nextBellMs({ ...HOUR, endMs: START + ROUND_MS }, START), null);
});

test('[MM-123] offers modes by the door and by the hour', () => {
  const offered = (door: Door, wallMs: number) =>
    ['video', 'voice', 'text'].filter((mode) => isOffered(planOf(door), mode, wallMs));
  assert.deepEqual(offered('open', START - 1), ['video', 'voice', 'text']);
  assert.deepEqual(offered('text', START - 1), ['text']);
  assert.deepEqual(offered('closed', START - 1), []);
  assert.deepEqual(offered('closed', START), ['video']);
  assert.deepEqual(offered('text', START), ['video', 'text']);
  assert.deepEqual(offered('closed', END), ['text']);
});

test('[MM-123] opens the door once no hour is left', () => {
  assert.equal(doorAt(planOf('closed'), LATER.endMs - 1), 'closed');
  assert.equal(doorAt(planOf('closed'), LATER.endMs), 'open');
  assert.ok(isOffered(planOf('closed'), 'video', LATER.endMs));
  assert.equal(doorAt({ door: 'closed', hours: [] }, 0), 'open');
});

test('[MM-123] says when a mode opens', () => {
  assert.equal(offeredFromMs(planOf('closed'), 'video', START - 1), START);
  assert.equal(offeredFromMs(planOf('closed'), 'text', START - 1), END);
  assert.equal(offeredFromMs(planOf('closed'), 'video', START), null);
  assert.equal(offeredFromMs(planOf('closed'), 'voice', 0), null);
});

test('[MM-121] pairs nobody while users gather, except private meetings', () => {
  const pool = makePool();
  for (const number of [1, 2]) pool.add(makeTicket(number), 0);
  const meeting = (seat: 'a' | 'b') => ({
    meeting: { key: 'meeting-0001', seat, by: 'invitation' as const },
  });
  pool.add(makeTicket(3, meeting('a')), 0);
  pool.add(makeTicket(4, meeting('b')), 0);
  assert.deepEqual(pairsOf(pool, 0, GATHERS), ['3-4']);
  assert.deepEqual(pairsOf(pool, ROUND_GATHER_MS, PAIRS), ['1-2']);
});

test('[MM-121] ignores expiring wishes in a round, however many wait', () => {
  const pool = makePool({ quietBelow: 0 });
  pool.add(makeTicket(1, { languages: ['fr'], interests: ['chess'] }), 0);
  pool.add(makeTicket(2, { languages: ['de'], interests: ['music'] }), 0);
  assert.deepEqual(pairsOf(pool, 0), []);
  assert.deepEqual(pairsOf(pool, 1, { ...PAIRS, mode: 'text' }), []);
  assert.equal(pairsOf(pool, 2, PAIRS).length, 1);
});

test('[MM-121] keeps the wish of a user who accepts only shared interests', () => {
  const pool = makePool();
  pool.add(makeTicket(1, { interests: ['chess'], onlyShared: true }), 0);
  pool.add(makeTicket(2, { interests: ['music'] }), 0);
  assert.deepEqual(pairsOf(pool, 60_000, PAIRS), []);
});

test('[MM-121] pairs all who wait in one wave, if rules allow', () => {
  const pool = makePool();
  for (let number = 1; number <= 100; number++) pool.add(makeTicket(number), 0);
  assert.equal(pairsOf(pool, ROUND_GATHER_MS, PAIRS).length, 50);
});

test('[MM-122] pairs the odd one out first', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const pool = makePool();
    pool.add(makeTicket(1), 0);
    const bellMs = ROUND_MS + seed;
    for (let number = 2; number <= 6; number++) pool.add(makeTicket(number), bellMs);
    const pairs = pool
      .runWave(bellMs, createPrng(seed), [PAIRS])
      .map(({ tickets }) => tickets.map(({ subject }) => subject));
    assert.ok(pairs.flat().includes(makeTicket(1).subject), `seed ${seed}`);
  }
});

test('[MM-122] chooses partners at random, whatever they share', () => {
  const seen = new Set<string>();
  for (let seed = 1; seed <= 60; seed++) {
    const pool = makePool();
    pool.add(makeTicket(1, { interests: ['chess'], languages: ['fr'] }), 0);
    pool.add(makeTicket(2, { interests: ['chess'], languages: ['fr'] }), 0);
    for (const number of [3, 4]) pool.add(makeTicket(number), 0);
    const [first] = pool.runWave(0, createPrng(seed), [PAIRS]);
    assert.ok(first !== undefined);
    seen.add(first.tickets.map(({ subject }) => subject).join(' '));
  }
  assert.deepEqual(
    [...seen].toSorted(),
    [2, 3, 4].map((other) => `subject-1 subject-${other}`),
  );
});

test('[MM-121] pairs two whose cool-down ended within a retry', () => {
  const facts = new PairBook();
  const pool = makePool({ facts });
  const [a, b] = [makeTicket(1), makeTicket(2)];
  facts.meet(a.subject, b.subject);
  pool.add(a, 0);
  pool.add(b, 0);
  assert.deepEqual(pairsOf(pool, 0, PAIRS), []);
  facts.advance(600_000);
  let paired = 0;
  for (let nowMs = 600_000; nowMs <= 600_000 + RETRY_AFTER_MS + 500; nowMs += 100) {
    paired += pairsOf(pool, nowMs, PAIRS).length;
  }
  assert.equal(paired, 1);
});

const OF_PAINTERS: Hour = { ...HOUR, id: 'hour-0003', community: 'painters', mode: 'text' };

test('[MM-165] applies a community’s hours only to that community', () => {
  const plan = { door: 'closed', hours: [OF_PAINTERS, LATER] } as const;
  assert.deepEqual(hoursIn(plan, 'painters').hours, [OF_PAINTERS]);
  assert.deepEqual(hoursIn(plan).hours, [LATER]);
  const offered = (community: string | undefined, wallMs: number) =>
    isOffered(hoursFor(plan, community, wallMs), 'text', wallMs);
  assert.deepEqual([offered('painters', START), offered(undefined, START)], [true, false]);
  assert.equal(offered('others', START), false, 'a community without hours follows the open pool');
  assert.deepEqual([offered('painters', END), offered('others', END)], [true, true]);
  const own = { door: 'closed', hours: [OF_PAINTERS] } as const;
  for (const community of [undefined, 'others']) {
    assert.ok(isOffered(hoursFor(own, community, START - 1), 'video', START - 1));
  }
  assert.ok(!isOffered(hoursFor(own, 'painters', START - 1), 'text', START - 1));
});

test('[MM-165] holds rounds in the pool of the hour alone', () => {
  const plan = { door: 'open', hours: [HOUR, OF_PAINTERS] } as const;
  const rounds = roundsAt(plan, START);
  assert.deepEqual(rounds, [GATHERS, { mode: 'text', community: 'painters', gathers: true }]);
  const gathering = { mode: 'video', community: 'painters', gathers: true };
  const pool = makePool({ quietBelow: 0 });
  const wishes = [{ languages: ['fr'] }, { languages: ['de'] }];
  for (const [at, wish] of wishes.entries()) {
    pool.add(makeTicket(1 + at, { ...wish, community: 'painters' }), 0);
    pool.add(makeTicket(3 + at, { ...wish, community: 'writers' }), 0);
    pool.add(makeTicket(5 + at, wish), 0);
  }
  for (const number of [9, 10]) pool.add(makeTicket(number), 0);
  assert.deepEqual(pairsOf(pool, 0, gathering), ['9-10'], 'the open pool doesn’t gather');
  const pairing = { ...gathering, gathers: false };
  assert.deepEqual(pairsOf(pool, 1, pairing), ['1-2'], 'the others keep their wishes');
  pool.add(makeTicket(7, { languages: ['fr'], community: 'painters' }), 2);
  pool.add(makeTicket(8, { languages: ['de'], community: 'painters' }), 2);
  assert.equal(pairsOf(pool, 2, pairing).length, 1, 'a crowd that begins in a round is in it');
  assert.equal(pairsOf(pool, 3, PAIRS).length, 1, 'the round of the open pool');
  pool.checkInvariants();
});
