import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { attemptProbesMax, Crowd, type CrowdOptions } from '@farandole/matchmaking/crowd';
import { checkCrowd } from '@farandole/matchmaking/invariants';
import {
  LIST_PROBES_PER_ATTEMPT_MAX,
  QUIET_BELOW,
  RETRY_AFTER_MS,
  WAVE_PROBES_MAX,
} from '@farandole/matchmaking/limits';
import { NONE } from '@farandole/matchmaking/linked-lists';
import { WISHES } from '@farandole/matchmaking/mode';
import { TagUses } from '@farandole/matchmaking/tag-uses';
import type { TicketInput } from '@farandole/matchmaking/ticket';
import { newWaiter, type Waiter } from '@farandole/matchmaking/waiter';
import { DEFAULT_WIDENING, wishesNamed } from '@farandole/matchmaking/widening';
import { makeTicket } from './support/tickets.ts';

function makeCrowd(changes: Partial<CrowdOptions>): Crowd {
  return new Crowd(
    {
      choose: 'best',
      listProbesMax: LIST_PROBES_PER_ATTEMPT_MAX,
      schedule: DEFAULT_WIDENING,
      wishes: wishesNamed(WISHES),
      retryAfterMs: RETRY_AFTER_MS,
      quietBelow: QUIET_BELOW,
      permits: () => true,
      tagUses: new TagUses(),
      ...changes,
    },
    0,
  );
}

function makeWaiter(number: number, changes: Partial<TicketInput> = {}, sinceMs = 0): Waiter {
  const ticket = makeTicket(number, changes);
  return newWaiter(ticket, ticket.mode, sinceMs);
}

function enterMany(crowd: Crowd, count: number, changes: Partial<TicketInput> = {}): Waiter[] {
  return Array.from({ length: count }, (_, number) => {
    const waiter = makeWaiter(number, changes);
    crowd.enter(waiter, 0);
    return waiter;
  });
}

function pairsOf(crowd: Crowd, nowMs: number, probesMax: number): (readonly [Waiter, Waiter])[] {
  const pairs: (readonly [Waiter, Waiter])[] = [];
  crowd.runWave(nowMs, prng, probesMax, ([seeker, found]) => pairs.push([seeker, found]));
  return pairs;
}

const prng = createPrng(11);

test('[MM-62] limits the candidates examined in a wave when thousands of tickets wait', () => {
  let asked = 0;
  const crowd = makeCrowd({
    permits: () => {
      asked++;
      return false;
    },
  });
  enterMany(crowd, 20_000, { interests: ['go', 'film', 'tea', 'jazz', 'maps'] });
  assert.equal(WAVE_PROBES_MAX, 32_768);
  for (let wave = 0; wave < 200; wave++) {
    asked = 0;
    const spent = crowd.runWave(wave * 100, prng, WAVE_PROBES_MAX, () => assert.fail('a pair'));
    assert.ok(
      spent <= WAVE_PROBES_MAX + attemptProbesMax(LIST_PROBES_PER_ATTEMPT_MAX),
      `${spent} probes`,
    );
    assert.ok(spent >= WAVE_PROBES_MAX, 'a wave with work left uses what it has');
    assert.ok(asked <= spent);
  }
});

test('[MM-61] examines at most 32 entries of a list per attempt', () => {
  assert.equal(LIST_PROBES_PER_ATTEMPT_MAX, 32);
  for (const [others, attempts] of [
    [31, 1],
    [32, 2],
    [96, 4],
  ] as const) {
    const crowd = makeCrowd({ permits: () => false });
    enterMany(crowd, others, { interests: ['go'] });
    const seeker = makeWaiter(others, { interests: ['go'] });
    crowd.enter(seeker, 0);
    let taken = 0;
    do {
      crowd.pairing.attempt(seeker.slot, 0, prng);
      taken++;
      assert.ok(crowd.pairing.probes <= 32);
    } while (!crowd.pairing.passEnded);
    // Counts the seeker too, because its own list contains it.
    assert.equal(taken, attempts, `${others} others`);
  }
});

test("[MM-61] examines only lists whose tickets can satisfy the seeker's wishes", () => {
  const crowd = makeCrowd({ permits: () => false });
  for (const waiter of enterMany(crowd, 20)) assert.notEqual(waiter.slot, NONE);
  const probesOf = (number: number, interests: string[], waitedMs: number): number => {
    const seeker = makeWaiter(number, { interests }, -waitedMs);
    crowd.enter(seeker, 0);
    crowd.pairing.attempt(seeker.slot, 0, prng);
    crowd.leave(seeker);
    return crowd.pairing.probes;
  };
  assert.equal(probesOf(20, ['go'], 0), 1, 'only at the list of its interest, where it is alone');
  assert.equal(probesOf(21, [], 0), 21, 'at the list of its language too');
});

test('[MM-61] continues a search despite departures and examines no ticket twice', () => {
  const asked = new Map<string, number>();
  const crowd = makeCrowd({
    listProbesMax: 4,
    permits: (a, b) => {
      const pair = `${a.ticket.id} asks about ${b.ticket.id}`;
      asked.set(pair, (asked.get(pair) ?? 0) + 1);
      return false;
    },
  });
  const waiters = enterMany(crowd, 150, { interests: ['go'] });
  const shuffled = prng.shuffle([...waiters]);
  const stayed = new Set(waiters);
  for (let wave = 0; crowd.backlog > 0; wave++) {
    assert.ok(wave < 2_000, 'the passes never end');
    assert.deepEqual(pairsOf(crowd, 0, 60), []);
    // Most tickets leave while cursors rest on their list entries, which stay as markers until the
    // cursors move on.
    const leaver = stayed.size > 20 ? shuffled.pop() : undefined;
    if (leaver !== undefined) {
      crowd.leave(leaver);
      stayed.delete(leaver);
    }
    checkCrowd(crowd);
  }
  assert.ok(stayed.size <= 40, 'hardly anybody left');
  for (const [pair, times] of asked) assert.equal(times, 1, pair);
  for (const a of stayed) {
    for (const b of stayed) {
      if (a === b) continue;
      assert.ok(asked.has(`${a.ticket.id} asks about ${b.ticket.id}`), 'somebody was missed');
    }
  }
});

test('[MM-61] finds the only possible partner among thousands of tickets', () => {
  const crowd = makeCrowd({
    permits: (a, b) =>
      [a, b].every(({ ticket }) => ['ticket-7', 'ticket-2999'].includes(ticket.id)),
  });
  enterMany(crowd, 3_000, { interests: ['go'] });
  let waves = 0;
  while (pairsOf(crowd, 0, WAVE_PROBES_MAX).length === 0) {
    waves++;
    assert.ok(waves < 1_000, 'nobody was found');
  }
  assert.equal(crowd.waiting, 2_998);
});

test('[MM-63] pairs new tickets while thousands of unmatched tickets keep waiting', () => {
  const vain = new Set<Waiter>();
  const crowd = makeCrowd({ permits: (a, b) => !vain.has(a) || !vain.has(b) });
  for (const waiter of enterMany(crowd, 4_000)) vain.add(waiter);
  let nowMs = 0;
  // The loop runs past the end of the widening schedule.
  for (; nowMs < 20_000; nowMs += 100) {
    assert.deepEqual(pairsOf(crowd, nowMs, WAVE_PROBES_MAX), []);
  }
  assert.ok(crowd.backlog > 0, 'they have more candidates than a wave probes');
  const newcomer = makeWaiter(4_000, {}, nowMs);
  crowd.enter(newcomer, nowMs);
  const [first] = pairsOf(crowd, nowMs, WAVE_PROBES_MAX);
  assert.ok(first?.includes(newcomer), 'a newcomer waits behind the others');
});

test('[MM-63] pairs long-waiting tickets while new tickets keep arriving', () => {
  const apart = { isLifted: false };
  const isOld = ({ ticket }: Waiter): boolean => ['ticket-0', 'ticket-1'].includes(ticket.id);
  const crowd = makeCrowd({
    retryAfterMs: 1_000,
    permits: (a, b) => isOld(a) && isOld(b) && apart.isLifted,
  });
  enterMany(crowd, 2);
  assert.deepEqual(pairsOf(crowd, 0, 2_000), []);
  apart.isLifted = true;
  let made = 2;
  for (let nowMs = 100; nowMs <= 3_000; nowMs += 100) {
    // Adds more tickets before every wave than one wave has attempts for.
    for (let i = 0; i < 300; i++) crowd.enter(makeWaiter(made++, {}, nowMs), nowMs);
    const pairs = pairsOf(crowd, nowMs, 2_000);
    assert.ok(crowd.backlog > 100, 'the newcomers do not fill the wave');
    if (pairs.length > 0) {
      assert.ok(nowMs >= 1_000 && nowMs <= 1_200, `found after ${nowMs} ms`);
      return;
    }
  }
  assert.fail('the two were never found');
});

test('[MM-60] examines skipped candidates again after the ticket drops a wish', () => {
  const crowd = makeCrowd({
    listProbesMax: 4,
    permits: (a, b) => {
      const ids: string[] = [a.ticket.id, b.ticket.id];
      return ids.includes('ticket-0') && ids.includes('ticket-40');
    },
  });
  // These tickets have dropped their wishes, were compared with each other, and pause until 5,000
  // ms.
  for (let number = 0; number < 40; number++) {
    crowd.enter(makeWaiter(number, { interests: ['go'], languages: ['fr'] }, -60_000), 0);
  }
  assert.deepEqual(pairsOf(crowd, 0, WAVE_PROBES_MAX), []);
  assert.equal(crowd.backlog, 0);
  // The seeker requires a shared language for one more second, so it skips its only partner.
  const seeker = makeWaiter(40, { interests: ['go'], languages: ['en'] }, -9_000);
  crowd.enter(seeker, 0);
  crowd.pairing.attempt(seeker.slot, 0, prng);
  assert.equal(crowd.pairing.partner, NONE);
  assert.equal(crowd.pairing.passEnded, false);
  const [pair] = pairsOf(crowd, 1_100, WAVE_PROBES_MAX);
  assert.ok(pair?.includes(seeker), 'the only partner was passed over');
});

test('[MM-65] frees all data of waiting tickets once all tickets left', () => {
  const crowd = makeCrowd({ permits: () => false });
  for (let generation = 0; generation < 20; generation++) {
    const waiters = Array.from({ length: 60 }, (_, i) => {
      const number = generation * 60 + i;
      const interests = [`only ${number}`, `also ${number}`, 'go'];
      const waiter = makeWaiter(number, { interests }, generation * 1_000);
      crowd.enter(waiter, generation * 1_000);
      return waiter;
    });
    assert.deepEqual(pairsOf(crowd, generation * 1_000, 1_500), []);
    assert.equal(crowd.index.terms.size, 122);
    for (const waiter of waiters) crowd.leave(waiter);
    checkCrowd(crowd);
    assert.equal(crowd.waiting, 0);
    assert.equal(crowd.index.terms.size, 0);
    assert.equal(crowd.index.pins.size, 0);
    assert.equal(crowd.index.capacity, 64, 'slots are used again');
    assert.ok(crowd.index.terms.end <= 4 + 122, 'terms are used again');
  }
});

test('[MM-61] clears the attempt numbers in records before they overflow', () => {
  const crowd = makeCrowd({});
  const [a, b] = enterMany(crowd, 2);
  assert.ok(a !== undefined && b !== undefined);
  crowd.pairing.numberTurnsFrom(0x7fff_fffe);
  for (let turn = 0; turn < 4; turn++) {
    crowd.pairing.attempt(a.slot, 0, prng);
    assert.equal(crowd.pairing.partner, b.slot, `turn ${turn}`);
  }
});
