import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId, type MatchId, type SubjectId, type TicketId } from '@farandole/kernel/id';
import { createPrng } from '@farandole/kernel/prng';
import { POOL_TICKETS_MAX, QUIET_BELOW, WAVE_PROBES_MAX } from '@farandole/matchmaking/limits';
import { createMatchRules, defaultModes, WISHES } from '@farandole/matchmaking/mode';
import type { Pool } from '@farandole/matchmaking/pool';
import type { Proposal } from '@farandole/matchmaking/proposal';
import { PairBook } from '@farandole/matchmaking/testing/pair-book';
import type { Ticket } from '@farandole/matchmaking/ticket';
import { makePool } from './support/pools.ts';
import { makeTicket } from './support/tickets.ts';

const prng = createPrng(7);

/** Returns a pool in which the given tickets have waited since 0 ms. */
function poolOf(...tickets: readonly Ticket[]): Pool {
  const pool = makePool();
  for (const ticket of tickets) pool.add(ticket, 0);
  return pool;
}

function onlyProposal(pool: Pool, nowMs: number): Proposal {
  const proposals = pool.runWave(nowMs, prng);
  assert.equal(proposals.length, 1);
  const [proposal] = proposals;
  assert.ok(proposal !== undefined);
  return proposal;
}

function names(proposal: Proposal): string[] {
  return proposal.tickets.map(({ id }) => id).sort();
}

test("[MM-14, MM-15] returns why a ticket is refused and doesn't add it", () => {
  const pool = makePool({ ticketsMax: 2 });
  const outdated = makeTicket(1, { policyVersion: 0 });
  assert.deepEqual(pool.add(outdated, 0), { ok: false, reason: 'policy-outdated' });
  assert.equal(pool.has(outdated.id), false);
  assert.equal(pool.add(makeTicket(2, { languages: ['en'] }), 0).ok, true);
  assert.equal(pool.add(makeTicket(3, { languages: ['fr'] }), 0).ok, true, 'the limit itself');
  assert.deepEqual(pool.add(makeTicket(4), 0), { ok: false, reason: 'pool-full' });
  assert.equal(pool.size, 2);
});

test('[MM-15] holds 200,000 tickets and refuses the next one', () => {
  assert.equal(POOL_TICKETS_MAX, 200_000);
  const pool = makePool();
  const one = makeTicket(0);
  const numbered = (number: number): Ticket => ({
    ...one,
    id: brandId<TicketId>(`ticket-${number}`),
    subject: brandId<SubjectId>(`subject-${number}`),
  });
  for (let number = 0; number < POOL_TICKETS_MAX; number++) {
    assert.equal(pool.add(numbered(number), 0).ok, true);
  }
  const over = pool.add(numbered(POOL_TICKETS_MAX), 0);
  assert.deepEqual(over, { ok: false, reason: 'pool-full' });
  assert.equal(pool.size, POOL_TICKETS_MAX);
});

test('[MM-15] counts proposed tickets toward the limit until they are confirmed', () => {
  const pool = makePool({ ticketsMax: 2 });
  pool.add(makeTicket(1), 0);
  pool.add(makeTicket(2), 0);
  const proposal = onlyProposal(pool, 0);
  assert.deepEqual(pool.add(makeTicket(3), 0), { ok: false, reason: 'pool-full' });
  pool.confirm(proposal.id);
  assert.equal(pool.add(makeTicket(3), 0).ok, true);
});

test('[MM-50] ignores adding a waiting or proposed ticket again', () => {
  const pool = makePool();
  const ticket = makeTicket(1);
  assert.deepEqual(pool.add(ticket, 0), { ok: true, value: 'added' });
  assert.deepEqual(pool.add(ticket, 100, 5_000), { ok: true, value: 'held' });
  assert.equal(pool.size, 1);
  assert.equal(pool.oldestWaitMs(100), 100);
  pool.add(makeTicket(2), 100);
  onlyProposal(pool, 100);
  assert.deepEqual(pool.add(ticket, 200), { ok: true, value: 'held' });
  assert.equal(pool.size, 0);
  assert.deepEqual(pool.runWave(200, prng), []);
});

test('[MM-51] a proposed ticket stops waiting; a confirmed ticket leaves the pool', () => {
  const [a, b, c] = [makeTicket(1), makeTicket(2), makeTicket(3)];
  const pool = poolOf(a, b, c);
  const proposal = onlyProposal(pool, 1_000);
  assert.equal(proposal.tickets[0].id, a.id, 'who came first seeks first');
  assert.deepEqual(proposal.waitedMs, [1_000, 1_000]);
  assert.equal(pool.size, 1);
  assert.equal(pool.openProposals, 1);
  assert.deepEqual(pool.runWave(2_000, prng), [], 'the third has nobody');
  assert.equal(pool.confirm(proposal.id), proposal);
  for (const { id } of proposal.tickets) assert.equal(pool.has(id), false);
  assert.equal([a, b, c].filter(({ id }) => pool.has(id)).length, 1);
  assert.equal(pool.openProposals, 0);
});

test('[MM-52] keeps the wait of a ticket whose proposed partner left', () => {
  const pool = makePool();
  const [a, b] = [makeTicket(1), makeTicket(2)];
  pool.add(a, 0);
  pool.add(b, 3_000);
  const proposal = onlyProposal(pool, 4_000);
  assert.equal(pool.restore(proposal.id, [b.id]), proposal);
  assert.equal(pool.has(b.id), false);
  assert.equal(pool.size, 1);
  assert.equal(pool.oldestWaitMs(4_000), 4_000);
  pool.add(makeTicket(3), 4_000);
  const next = onlyProposal(pool, 4_000);
  assert.deepEqual(names(next), ['ticket-1', 'ticket-3']);
});

test('[MM-52] returns both tickets of a failed proposal to waiting, or removes both', () => {
  const [a, b] = [makeTicket(1), makeTicket(2)];
  const pool = poolOf(a, b);
  pool.restore(onlyProposal(pool, 0).id, []);
  assert.equal(pool.size, 2);
  pool.restore(onlyProposal(pool, 100).id, [a.id, b.id]);
  assert.equal(pool.size, 0);
  pool.checkInvariants();
});

test('[MM-53] returns a proposed ticket to waiting when its partner is withdrawn', () => {
  const [a, b] = [makeTicket(1), makeTicket(2)];
  const pool = poolOf(a, b);
  const proposal = onlyProposal(pool, 500);
  assert.deepEqual(pool.withdraw(a.id), { was: 'proposed', proposal });
  assert.equal(pool.has(a.id), false);
  assert.equal(pool.size, 1);
  assert.equal(pool.confirm(proposal.id), null);
  assert.deepEqual(pool.withdraw(b.id), { was: 'waiting' });
  assert.equal(pool.size, 0);
});

test('[MM-56] ignores requests about unknown tickets and proposals', () => {
  const pool = makePool();
  const [nobody, nothing] = [brandId<TicketId>('no-such-ticket'), brandId<MatchId>('no-match')];
  assert.deepEqual(pool.withdraw(nobody), { was: 'unknown' });
  assert.equal(pool.widen(nobody, 0), false);
  assert.equal(pool.confirm(nothing), null);
  assert.equal(pool.restore(nothing, []), null);
  assert.equal(pool.has(nobody), false);
  assert.equal(pool.size, 0);
  assert.equal(pool.oldestWaitMs(0), null);
});

test('[MM-30] keeps a mismatched pair apart as long as the wish lasts', () => {
  const pool = makePool({ quietBelow: 0 });
  pool.add(makeTicket(1, { interests: ['go'], languages: ['en'] }), 0);
  pool.add(makeTicket(2, { interests: ['tea'], languages: ['en'] }), 0);
  pool.add(makeTicket(3, { languages: ['fr'] }), 0);
  assert.deepEqual(pool.runWave(4_999, prng), []);
  assert.deepEqual(names(onlyProposal(pool, 5_100)), ['ticket-1', 'ticket-2']);
  pool.add(makeTicket(4, { languages: ['de'] }), 5_100);
  assert.deepEqual(pool.runWave(15_000, prng), [], 'the later one still wishes for a language');
  assert.deepEqual(names(onlyProposal(pool, 15_200)), ['ticket-3', 'ticket-4']);
});

/** Returns a pool with `count` tickets that want different interests and speak other languages. */
function poolOfMisfits(count: number): Pool {
  const others = Array.from({ length: count - 2 }, (_, at) =>
    makeTicket(at + 3, { interests: [`interest ${at}`], onlyShared: true }),
  );
  return poolOf(
    makeTicket(1, { languages: ['en'] }),
    makeTicket(2, { languages: ['fr'] }),
    ...others,
  );
}

test('[MM-30a] drops all expiring wishes after 2 s while fewer than 20 wait', () => {
  assert.equal(QUIET_BELOW, 20);
  const quiet = poolOfMisfits(QUIET_BELOW - 1);
  assert.deepEqual(quiet.runWave(1_999, prng), []);
  assert.deepEqual(names(onlyProposal(quiet, 2_000)), ['ticket-1', 'ticket-2']);
  const full = poolOfMisfits(QUIET_BELOW);
  assert.deepEqual(full.runWave(9_999, prng), []);
  assert.deepEqual(names(onlyProposal(full, 10_100)), ['ticket-1', 'ticket-2']);
});

test("[MM-30a] drops wishes when few tickets wait, and doesn't restore the dropped wishes", () => {
  const pool = poolOfMisfits(QUIET_BELOW);
  assert.deepEqual(pool.runWave(3_000, prng), []);
  pool.withdraw(makeTicket(2).id);
  assert.deepEqual(pool.runWave(3_100, prng), []);
  for (const number of [100, 101]) pool.add(makeTicket(number, { languages: ['fr'] }), 3_200);
  pool.add(makeTicket(102, { languages: [], tier: 'good', circle: 'good' }), 3_200);
  const pairs = pool.runWave(3_200, prng).map(names);
  assert.deepEqual(pairs, [['ticket-100', 'ticket-101']], 'the new tickets hold their wishes');
});

test('[MM-31, MM-30a] keeps the wish "only people who share one" while few tickets wait', () => {
  const pool = poolOf(makeTicket(1, { interests: ['go'], onlyShared: true }), makeTicket(2));
  for (let nowMs = 0; nowMs <= 30_000; nowMs += 500)
    assert.deepEqual(pool.runWave(nowMs, prng), []);
});

test('[MM-31, MM-32] applies the wish "only people who share one" until users drop it', () => {
  const picky = makeTicket(1, { interests: ['go'], onlyShared: true });
  const pool = poolOf(picky, makeTicket(2, { interests: ['tea'] }));
  for (let nowMs = 0; nowMs <= 120_000; nowMs += 1_000) {
    assert.deepEqual(pool.runWave(nowMs, prng), []);
  }
  assert.equal(pool.widen(picky.id, 120_000), true);
  const proposal = onlyProposal(pool, 120_000);
  assert.deepEqual(names(proposal), ['ticket-1', 'ticket-2']);
  assert.equal(proposal.tickets.find(({ id }) => id === picky.id)?.onlyShared, false);
});

test('[MM-32] drops the wish for shared interests when the user widens the search', () => {
  const ticket = makeTicket(1, { interests: ['go'] });
  const pool = poolOf(ticket, makeTicket(2));
  assert.deepEqual(pool.runWave(100, prng), []);
  pool.widen(ticket.id, 100);
  assert.deepEqual(names(onlyProposal(pool, 100)), ['ticket-1', 'ticket-2']);
});

test('[MM-32] remembers that a proposed ticket widened its search', () => {
  const picky = makeTicket(1, { interests: ['go'], onlyShared: true });
  const partner = makeTicket(2, { interests: ['go'] });
  const pool = poolOf(picky, partner);
  const proposal = onlyProposal(pool, 0);
  pool.widen(picky.id, 50);
  pool.restore(proposal.id, [partner.id]);
  pool.add(makeTicket(3), 50);
  assert.deepEqual(names(onlyProposal(pool, 100)), ['ticket-1', 'ticket-3']);
});

test('[MM-33] pairs a ticket without a language despite language wishes', () => {
  const pool = poolOf(makeTicket(1, { languages: [] }), makeTicket(2, { languages: ['fr'] }));
  assert.deepEqual(names(onlyProposal(pool, 0)), ['ticket-1', 'ticket-2']);
  pool.add(makeTicket(3, { languages: ['fr'] }), 0);
  assert.deepEqual(pool.runWave(0, prng), []);
  pool.add(makeTicket(4, { languages: [] }), 0);
  assert.deepEqual(names(onlyProposal(pool, 0)), ['ticket-3', 'ticket-4'], 'found from this side');
});

/** Blocks every pair of the given tickets. */
function addStrangersApart(pool: Pool, facts: PairBook, crowd: readonly Ticket[]): void {
  for (const one of crowd) {
    pool.add(one, 0);
    for (const other of crowd) facts.block(one.subject, other.subject);
  }
  assert.deepEqual(pool.runWave(0, prng), []);
}

test('[MM-40, MM-43] prefers the rarer shared interest in any arrival order', () => {
  for (const numbers of [
    [1, 2, 3, 4],
    [4, 3, 2, 1],
  ]) {
    const facts = new PairBook();
    const pool = makePool({ facts });
    const crowd = numbers.map((number) =>
      makeTicket(number, { interests: number === 2 ? ['go', 'tea'] : ['film', 'tea'] }),
    );
    addStrangersApart(pool, facts, crowd);
    pool.add(makeTicket(9, { interests: ['tea', 'film', 'go'] }), 0);
    const proposal = onlyProposal(pool, 0);
    assert.equal(proposal.tickets[1].id, 'ticket-2');
    assert.deepEqual(proposal.sharedInterests, ['tea', 'go']);
    // Of the five waiting tickets, all name tea (1.000 bit) and two name go (1.807 bits). A shared
    // language adds 3.000 bits.
    assert.equal(proposal.score, 1_000 + 1_807 + 3_000);
  }
});

test('[MM-42, MM-43] prefers the longer wait among otherwise equal tickets', () => {
  const facts = new PairBook();
  const pool = makePool({ facts }, 0);
  const [late, early] = [makeTicket(1), makeTicket(2)];
  facts.block(late.subject, early.subject);
  pool.add(late, 100_000);
  pool.add(early, 100_000, 6_000);
  assert.deepEqual(pool.runWave(100_000, prng), []);
  pool.add(makeTicket(3), 100_000);
  assert.deepEqual(names(onlyProposal(pool, 100_000)), ['ticket-2', 'ticket-3']);
});

test('[MM-43] chooses among equally scored tickets with equal probability', () => {
  const counts = new Map<string, number>();
  const rounds = 3_000;
  for (let round = 0; round < rounds; round++) {
    const facts = new PairBook();
    const pool = makePool({ facts });
    addStrangersApart(
      pool,
      facts,
      [1, 2, 3, 4, 5].map((number) => makeTicket(number)),
    );
    pool.add(makeTicket(6), 0);
    const partner = names(onlyProposal(pool, 0))[0] ?? '';
    counts.set(partner, (counts.get(partner) ?? 0) + 1);
  }
  assert.equal(counts.size, 5);
  // Pearson's chi squared over five equally likely outcomes exceeds 23.5 with a probability of 1
  // in 10,000.
  const expected = rounds / 5;
  let chiSquared = 0;
  for (const count of counts.values()) chiSquared += (count - expected) ** 2 / expected;
  assert.ok(chiSquared < 23.5, `${[...counts.values()].join(', ')}: chi squared ${chiSquared}`);
});

test('[MM-44] searches the rarest interest first, however the user ordered them', () => {
  for (const interests of [
    ['film', 'go'],
    ['go', 'film'],
  ]) {
    const facts = new PairBook();
    const pool = makePool({ facts, choose: 'first' });
    addStrangersApart(pool, facts, [
      makeTicket(1, { interests: ['film'] }),
      makeTicket(2, { interests: ['film'] }),
      makeTicket(3, { interests: ['go'] }),
    ]);
    pool.add(makeTicket(4, { interests }), 0);
    assert.deepEqual(names(onlyProposal(pool, 0)), ['ticket-3', 'ticket-4']);
  }
});

test('[MM-44] takes the longest-waiting ticket with the rarest shared interest', () => {
  const facts = new PairBook();
  const pool = makePool({ facts, choose: 'first' });
  addStrangersApart(pool, facts, [
    makeTicket(1, { interests: ['film'] }),
    makeTicket(2, { interests: ['film', 'tea'] }),
    makeTicket(3, { interests: ['tea'], languages: ['fr'] }),
    makeTicket(4, { interests: ['tea'] }),
    makeTicket(5, { interests: ['film'] }),
  ]);
  facts.block(makeTicket(6).subject, makeTicket(2).subject);
  pool.add(makeTicket(6, { interests: ['film', 'tea'] }), 0);
  // Film and tea are equally rare. The second candidate is blocked, and the third speaks another
  // language.
  assert.deepEqual(names(onlyProposal(pool, 0)), ['ticket-1', 'ticket-6']);
});

test('[MM-54] makes the ticket with a prepared offer the offerer, else randomly', () => {
  const offerers = (first: boolean, second: boolean): Set<string> => {
    const seen = new Set<string>();
    for (let round = 0; round < 60; round++) {
      const pool = poolOf(makeTicket(1, { hasOffer: first }), makeTicket(2, { hasOffer: second }));
      seen.add(onlyProposal(pool, 0).offerer);
    }
    return seen;
  };
  assert.deepEqual([...offerers(true, false)], ['ticket-1']);
  assert.deepEqual([...offerers(false, true)], ['ticket-2']);
  assert.deepEqual([...offerers(true, true)].toSorted(), ['ticket-1', 'ticket-2']);
  assert.deepEqual([...offerers(false, false)].toSorted(), ['ticket-1', 'ticket-2']);
});

test('[MM-55] returns the number of waiting tickets by mode and the longest wait', () => {
  const pool = makePool();
  assert.deepEqual(
    [...pool.waitingByMode()],
    [
      ['video', 0],
      ['text', 0],
    ],
  );
  pool.add(makeTicket(1, { languages: ['en'] }), 1_000, 2_500);
  pool.add(makeTicket(2, { languages: ['fr'] }), 1_000);
  pool.add(makeTicket(3, { mode: 'text' }), 1_000);
  assert.deepEqual(
    [...pool.waitingByMode()],
    [
      ['video', 2],
      ['text', 1],
    ],
  );
  assert.equal(pool.oldestWaitMs(1_500), 3_000);
});

test('[MM-20, MM-30b] a ticket waits in every mode at which its user agrees to start', () => {
  const rules = createMatchRules({ policyVersion: 1, offered: ['text', 'voice', 'video'] });
  const pool = makePool({ rules });
  pool.add(makeTicket(1, { lowest: 'text' }), 0);
  pool.add(makeTicket(2, { mode: 'voice' }), 0);
  pool.checkInvariants();
  assert.deepEqual([...pool.waitingByMode().values()], [1, 1, 0]);
  const proposal = onlyProposal(pool, 0);
  assert.deepEqual(names(proposal), ['ticket-1', 'ticket-2']);
  pool.add(makeTicket(3, { mode: 'text' }), 0);
  assert.equal(pool.runWave(0, prng).length, 0, 'a proposed ticket waits in no mode');
  pool.restore(proposal.id, [brandId<TicketId>('ticket-2')]);
  pool.checkInvariants();
  assert.deepEqual(names(onlyProposal(pool, 0)), ['ticket-1', 'ticket-3']);
  assert.equal(pool.size, 0);
});

test('[MM-30b] withdraws and widens a ticket in all its crowds', () => {
  const rules = createMatchRules({ policyVersion: 1, offered: ['text', 'voice', 'video'] });
  const pool = makePool({ rules });
  const picky = { lowest: 'text', interests: ['go'], onlyShared: true };
  pool.add(makeTicket(1, picky), 0);
  pool.add(makeTicket(2, { ...picky, interests: ['tea'] }), 0);
  pool.add(makeTicket(3, { mode: 'text' }), 0);
  assert.equal(pool.runWave(0, prng).length, 0);
  pool.withdraw(brandId<TicketId>('ticket-2'));
  pool.widen(brandId<TicketId>('ticket-1'), 0);
  pool.checkInvariants();
  assert.deepEqual(names(onlyProposal(pool, 0)), ['ticket-1', 'ticket-3']);
});

test('[MM-24] pairs the only two users again soon after their cool-down', () => {
  const facts = new PairBook();
  const pool = makePool({ facts });
  const [a, b] = [makeTicket(1), makeTicket(2)];
  facts.meet(a.subject, b.subject);
  pool.add(a, 0);
  pool.add(b, 0);
  let metAtMs = Number.NaN;
  for (let nowMs = 0; nowMs < 700_000 && Number.isNaN(metAtMs); nowMs += 100) {
    facts.advance(nowMs);
    if (pool.runWave(nowMs, prng).length > 0) metAtMs = nowMs;
  }
  assert.ok(metAtMs >= 600_000 && metAtMs <= 605_200, `they met again after ${metAtMs} ms`);
});

test('[MM-63] pairs tickets of other modes while one mode has a backlog', () => {
  const pool = makePool();
  const same = { deviceKey: 'one-and-the-same' };
  for (let number = 0; number < 3_000; number++) pool.add(makeTicket(number, same), 0);
  for (let nowMs = 0; nowMs < 1_000; nowMs += 100) {
    assert.deepEqual(pool.runWave(nowMs, prng), []);
    assert.ok(pool.backlog > 0, 'the crowd has no work left');
  }
  for (let wave = 0; wave < 4; wave++) {
    const nowMs = 1_000 + wave * 100;
    const [one, other] = [3_000 + wave * 2, 3_001 + wave * 2];
    pool.add(makeTicket(one, { mode: 'text' }), nowMs);
    pool.add(makeTicket(other, { mode: 'text' }), nowMs);
    assert.deepEqual(names(onlyProposal(pool, nowMs)), [`ticket-${one}`, `ticket-${other}`]);
  }
});

test("[MM-63] gives an idle mode's share of a wave to a busy mode", () => {
  let asked = 0;
  const pool = makePool({
    facts: {
      keptApart: () => {
        asked++;
        return true;
      },
      metWithin: () => false,
    },
  });
  for (let number = 0; number < 3_000; number++) pool.add(makeTicket(number), 0);
  for (let nowMs = 0; nowMs < 500; nowMs += 100) {
    asked = 0;
    assert.deepEqual(pool.runWave(nowMs, prng), []);
    // Attempts have a fixed cost, so less than the whole wave remains for probes. With equal
    // shares for two modes, half of the wave would remain.
    assert.ok(asked > 0.7 * WAVE_PROBES_MAX && asked <= WAVE_PROBES_MAX * 1.02, `${asked} asked`);
  }
});

test('throws an assertion error when the time goes backwards', () => {
  const pool = makePool({}, 1_000);
  assert.throws(() => pool.runWave(999, prng), /clock went back/);
});

test('[MM-72] applies only the wishes that the mode lists', () => {
  const modes = defaultModes().map((mode) => ({ ...mode, wishes: WISHES.slice(2) }));
  const pool = makePool({ rules: createMatchRules({ policyVersion: 1, modes }) });
  pool.add(makeTicket(1, { languages: ['en'], interests: ['go'] }), 0);
  pool.add(makeTicket(2, { languages: ['fr'], interests: ['tea'] }), 0);
  assert.deepEqual(names(onlyProposal(pool, 0)), ['ticket-1', 'ticket-2']);
  pool.add(makeTicket(3, { mode: 'text', tier: 'good', circle: 'good' }), 0);
  pool.add(makeTicket(4, { mode: 'text', tier: 'good' }), 0);
  assert.deepEqual(pool.runWave(0, prng), [], 'the wish that it has is held');
});
