import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import {
  TAG_PEOPLE_MIN,
  TAG_USED_WITHIN_MS,
  TAGS_REMEMBERED_MAX,
} from '@farandole/matchmaking/limits';
import type { Pool } from '@farandole/matchmaking/pool';
import type { Proposal } from '@farandole/matchmaking/proposal';
import { TagUses } from '@farandole/matchmaking/tag-uses';
import type { TicketInput } from '@farandole/matchmaking/ticket';
import { makePool } from './support/pools.ts';
import { makeTicket } from './support/tickets.ts';

const prng = createPrng(1);

/** Returns an unproven user's ticket. Each user has a network of their own. */
function stranger(number: number, changes: Partial<TicketInput> = {}) {
  return makeTicket(number, { origin: `network-${number}`, interests: ['otters'], ...changes });
}

function note(uses: TagUses, ticket: ReturnType<typeof stranger>, nowMs: number): void {
  for (const interest of ticket.interests) uses.note(interest, ticket, nowMs);
}

function waves(pool: Pool, fromMs: number, forMs: number): Proposal[] {
  const proposals: Proposal[] = [];
  for (let nowMs = fromMs; nowMs <= fromMs + forMs; nowMs += 250) {
    proposals.push(...pool.runWave(nowMs, prng));
  }
  return proposals;
}

const ONLY = { onlyShared: true };

test('[MM-35] "only people who share one" ignores a rare interest of unproven users', () => {
  const pool = makePool();
  pool.add(stranger(1), 0);
  pool.add(stranger(2, ONLY), 0);
  assert.deepEqual(waves(pool, 0, 30_000), []);
  pool.widen(makeTicket(2).id, 30_250);
  const [met] = waves(pool, 30_250, 10_000);
  assert.deepEqual(met?.sharedInterests, ['otters'], 'both accept anyone now');
});

test('[MM-35] pairs by a rare interest if either user is proven, has no network, or accepts anyone', () => {
  for (const [one, other] of [
    [ONLY, { proven: true }],
    [{ ...ONLY, proven: true }, {}],
    [ONLY, { origin: null }],
    [{}, {}],
  ] as const) {
    const pool = makePool();
    pool.add(stranger(1, one), 0);
    pool.add(stranger(2, other), 0);
    assert.equal(pool.runWave(0, prng).length, 1);
  }
});

test('[MM-35] counts an interest after five people used it within an hour', () => {
  const pool = makePool();
  for (let number = 1; number < TAG_PEOPLE_MIN; number++) {
    pool.add(stranger(number, { ...ONLY, sanctioned: false }), 0);
    assert.deepEqual(waves(pool, 0, 0), [], `${number} people`);
  }
  // Several cookies of one network count as one person.
  for (const number of [20, 21, 22]) {
    pool.add(stranger(number, { ...ONLY, origin: 'network-1' }), 0);
  }
  assert.deepEqual(waves(pool, 0, 0), []);
  pool.add(stranger(TAG_PEOPLE_MIN, ONLY), 0);
  assert.ok(waves(pool, 0, 10_000).length > 0);
});

test('[MM-35, MM-36] a proposal names only interests that enough people used', () => {
  const pool = makePool();
  for (let number = 10; number < 10 + TAG_PEOPLE_MIN; number++) {
    pool.add(stranger(number, { interests: ['film'], languages: ['fr'] }), 0);
    pool.withdraw(makeTicket(number).id);
  }
  pool.add(stranger(1, { ...ONLY, interests: ['otters', 'film'] }), 0);
  pool.add(stranger(2, { interests: ['otters', 'film'] }), 0);
  const [met] = pool.runWave(0, prng);
  assert.deepEqual(met?.sharedInterests, ['film']);
});

test("[MM-41] computes an interest's rarity from proven users only", () => {
  const scoreWith = (others: Partial<TicketInput>): number => {
    const pool = makePool();
    const apart = { mode: 'video', ageBand: 'adult', ageState: 'declared' } as const;
    // Each of these users names an interest and a language that no other user has, so the pool
    // matches none of them.
    for (let number = 10; number < 20; number++) {
      pool.add(
        makeTicket(number, { ...apart, ...ONLY, interests: [`alone ${number}`], ...others }),
        0,
      );
    }
    const both = { interests: ['film'], proven: true, origin: 'network-a' };
    pool.add(makeTicket(1, both), 0);
    pool.add(makeTicket(2, both), 0);
    const [met] = pool.runWave(0, prng);
    assert.ok(met !== undefined);
    return met.score;
  };
  const alone = scoreWith({ origin: 'network-b' });
  assert.equal(alone, 3_000 + 1_000, 'two of two proven users name it');
  assert.ok(scoreWith({ origin: 'network-b', proven: true }) > alone);
});

test('[MM-35] ignores uses of an interest older than an hour', () => {
  const uses = new TagUses();
  for (let number = 0; number < TAG_PEOPLE_MIN; number++) note(uses, stranger(number), number);
  assert.ok(uses.isCommon('otters', TAG_USED_WITHIN_MS - 1));
  assert.equal(uses.isCommon('otters', TAG_USED_WITHIN_MS), false);
  note(uses, stranger(0), TAG_USED_WITHIN_MS);
  assert.ok(uses.isCommon('otters', TAG_USED_WITHIN_MS), 'the first is here again');
  assert.equal(uses.isCommon('otters', TAG_USED_WITHIN_MS + 1), false);
});

test('TAGS_REMEMBERED_MAX: forgets the interest not used for longest', () => {
  const uses = new TagUses();
  const noteAll = (tag: string): void => {
    for (let number = 0; number < TAG_PEOPLE_MIN; number++) {
      note(uses, stranger(number, { interests: [tag] }), 0);
    }
  };
  for (const tag of ['first', 'second']) noteAll(tag);
  for (let tag = 2; tag < TAGS_REMEMBERED_MAX; tag++) {
    note(uses, stranger(1, { interests: [`tag ${tag}`] }), 0);
  }
  assert.ok(uses.isCommon('first', 0));
  const laterMs = TAG_USED_WITHIN_MS / 2;
  note(uses, stranger(0, { interests: ['first'] }), laterMs);
  note(uses, stranger(1, { interests: ['one more'] }), laterMs);
  assert.equal(uses.size, TAGS_REMEMBERED_MAX);
  const areCommon = ['first', 'second'].map((tag) => uses.isCommon(tag, laterMs));
  assert.deepEqual(areCommon, [true, false]);
});
