import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { QUIET_BELOW } from '@farandole/matchmaking/limits';
import { createMatchRules } from '@farandole/matchmaking/mode';
import { Pool } from '@farandole/matchmaking/pool';
import { PairBook } from '@farandole/matchmaking/testing/pair-book';
import { DEFAULT_WIDENING } from '@farandole/matchmaking/widening';
import { countMatches } from './support/pools.ts';
import { makeTicket } from './support/tickets.ts';

const prng = createPrng(5);

function makePool(): Pool {
  const facts = new PairBook();
  const rules = createMatchRules({ policyVersion: 1 });
  return new Pool({ rules, facts, mintMatchId: countMatches() }, 0);
}

test('[MM-111] counts only the tickets of a community as its crowd', () => {
  const pool = makePool();
  // In a busy pool these two keep their different languages for longer than `quietHeldMs`.
  const tongue = (language: string) => ({ community: 'painters', languages: [language] });
  const subject = 'one-and-the-same';
  for (let at = 10; at < 10 + QUIET_BELOW; at++) pool.add(makeTicket(at, { subject }), 0);
  pool.add(makeTicket(1, tongue('en')), 0);
  pool.add(makeTicket(2, tongue('fr')), 0);
  assert.deepEqual(pool.runWave(0, prng), []);
  const [proposal, ...others] = pool.runWave(DEFAULT_WIDENING.quietHeldMs + 100, prng);
  assert.deepEqual(
    proposal?.tickets.map(({ id }) => id),
    ['ticket-1', 'ticket-2'],
  );
  assert.deepEqual(others, []);
  pool.checkInvariants();
});

test('[MM-111] keeps no crowd of a community without tickets, and loses no ticket', () => {
  const pool = makePool();
  for (let at = 0; at < 1_000; at++) {
    const [one, other] = [makeTicket(at * 2), makeTicket(at * 2 + 1)].map((ticket) => ({
      ...ticket,
      community: `community-${at}`,
    }));
    assert.ok(one !== undefined && other !== undefined);
    pool.add(one, at);
    pool.add(other, at);
    const [proposal] = pool.runWave(at, prng);
    assert.ok(proposal !== undefined, `the community ${at} waits`);
    pool.restore(proposal.id, [other.id]);
    assert.equal(pool.has(one.id), true);
    pool.checkInvariants();
    pool.withdraw(one.id);
  }
  assert.equal(pool.size, 0);
  pool.runWave(1_000, prng);
  assert.equal(pool.crowds, makePool().crowds);
});
