import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId, type NodeId } from '@farandole/kernel/id';
import type { Proposal } from '@farandole/matchmaking/proposal';
import type { Ticket } from '@farandole/matchmaking/ticket';
import { RESUME_GRACE_MS } from '@farandole/protocol/limits';
import { GIVEN_WITHIN_MS } from '../src/limits.ts';
import { partyOf } from './support/party.ts';
import { ScriptedMatchmaker } from './support/scripted-matchmaker.ts';
import type { TestClient } from './support/test-client.ts';
import { joinedAdult, World } from './support/world.ts';

class Crossing {
  readonly matchmaker = new ScriptedMatchmaker();
  readonly world = new World({ matchmaker: this.matchmaker });
  readonly ada: TestClient;
  readonly bo: TestClient;
  readonly a: Ticket;
  readonly b: Ticket;
  readonly proposal: Proposal;

  constructor() {
    this.matchmaker.begin(this.world.now);
    this.ada = this.world.joinAdult('ada');
    this.bo = this.world.joinAdult('bo');
    this.ada.searchFor('text');
    this.bo.searchFor('text');
    this.a = this.matchmaker.ticketOf(this.ada.subject);
    this.b = this.matchmaker.ticketOf(this.bo.subject);
    this.proposal = this.matchmaker.newProposal(this.a, this.b);
  }

  propose(...tickets: readonly Ticket[]): void {
    for (const ticket of tickets) {
      this.matchmaker.propose(this.proposal, ticket, this.world.now);
    }
  }

  match(...tickets: readonly Ticket[]): void {
    for (const ticket of tickets) this.matchmaker.match(this.proposal, ticket, this.world.now);
    this.world.flush();
  }

  confirmed(ticket: Ticket): number {
    return this.matchmaker.count('confirm', ticket.id);
  }

  rejected(ticket: Ticket): number {
    return this.matchmaker.count('reject', ticket.id);
  }

  /** Asserts that the user is in no call and that the node submitted the user's search again. */
  assertSearchesOn(client: TestClient, before: Ticket, waitedMs: number): void {
    assert.equal(client.call, null);
    assert.equal(client.all('match.found').length, 0);
    const again = this.matchmaker.submissionOf(client.subject);
    assert.notEqual(again.ticket.id, before.id);
    assert.deepEqual({ ...again.ticket, id: before.id }, before);
    assert.equal(again.waitedMs, waitedMs);
  }
}

test('[PR-33] sends both users their side, role and receipt when matched', () => {
  const crossing = new Crossing();
  const { ada, bo, a, b } = crossing;
  crossing.propose(a, b);
  assert.deepEqual([crossing.confirmed(a), crossing.confirmed(b)], [1, 1]);
  crossing.match(a, b);
  const [one, other] = [ada.last('match.found'), bo.last('match.found')];
  assert.equal(one.match, other.match);
  assert.deepEqual([one.epoch, other.epoch], [1, 1]);
  assert.deepEqual([one.side, other.side], ['a', 'b']);
  assert.deepEqual([one.role, other.role], ['offerer', 'answerer']);
  assert.notEqual(one.receipt, other.receipt);
  assert.equal(ada.all('match.found').length + bo.all('match.found').length, 2);
  assert.deepEqual(crossing.world.gateway.counts(), {
    online: 2,
    detached: 0,
    waiting: 0,
    calls: 1,
  });
});

test('[PR-33] doesn’t match a withdrawn ticket; the other user’s search continues', () => {
  for (const order of ['before the proposal', 'after the promise', 'before the match'] as const) {
    const crossing = new Crossing();
    const { ada, bo, a, b, world } = crossing;
    if (order === 'before the proposal') ada.withdraw();
    crossing.propose(a, b);
    if (order === 'before the proposal') {
      assert.equal(crossing.rejected(a), 1);
      assert.equal(crossing.confirmed(a), 0);
      crossing.matchmaker.abandon(crossing.proposal, b, 'waiting', world.now);
      crossing.propose(b);
      assert.equal(crossing.confirmed(b), 2, 'the other one is free again');
      continue;
    }
    world.pass(400);
    ada.withdraw();
    crossing.match(...(order === 'after the promise' ? [a, b] : [b, a]));
    assert.equal(ada.all('match.found').length, 0);
    assert.equal(ada.all('ticket.withdrawn').length, 1);
    crossing.assertSearchesOn(bo, b, 400);
  }
});

test('[GW-4] keeps no match with another node whose user withdrew before it', () => {
  for (const isHome of [false, true]) {
    const { world, ada, a, b, matchmaker } = new Crossing();
    const other = { ...b, node: brandId<NodeId>('node-other') };
    const proposal = isHome ? matchmaker.newProposal(a, other) : matchmaker.newProposal(other, a);
    matchmaker.propose(proposal, a, world.now);
    ada.withdraw();
    matchmaker.match(proposal, a, world.now);
    world.pass(GIVEN_WITHIN_MS);
    assert.equal(world.gateway.sizes().promisedElsewhere, 0, isHome ? 'home' : 'not home');
  }
});

test('[MM-113] rejects a proposal of tickets from different communities', () => {
  const crossing = new Crossing();
  const { a, b, matchmaker, world } = crossing;
  const ofCommunity = matchmaker.newProposal({ ...a, community: 'painters' }, b);
  matchmaker.propose(ofCommunity, a, world.now);
  assert.deepEqual([crossing.confirmed(a), crossing.rejected(a)], [0, 1]);
});

test('[GW-23] continues a search silently if the other user left before the match', () => {
  const crossing = new Crossing();
  const { ada, bo, a, b, world } = crossing;
  crossing.propose(a, b);
  ada.leave();
  world.flush();
  crossing.match(a, b);
  crossing.assertSearchesOn(bo, b, 0);
  assert.equal(bo.all('call.ended').length, 0);
});

test('[GW-21] withdraws the search of a lost socket and keeps the waiting time', () => {
  const crossing = new Crossing();
  const { ada, a, world, matchmaker } = crossing;
  world.pass(300);
  world.lose(ada);
  assert.equal(matchmaker.count('withdraw', a.id), 1);
  crossing.propose(a);
  assert.equal(crossing.rejected(a), 1, 'a proposal that was on the way is refused');
  world.pass(900);
  const before = matchmaker.said.length;
  world.connect(ada);
  assert.ok(matchmaker.said.length > before);
  crossing.assertSearchesOn(ada, a, 1_200);
});

test('[GW-21] a lost socket cancels a pending match; both searches continue', () => {
  for (const isBack of [false, true]) {
    for (const isAdaFirst of [false, true]) {
      const crossing = new Crossing();
      const { ada, bo, a, b, world, matchmaker } = crossing;
      crossing.propose(a, b);
      world.lose(ada);
      if (isBack) world.connect(ada);
      crossing.match(...(isAdaFirst ? [a, b] : [b, a]));
      crossing.assertSearchesOn(bo, b, 0);
      if (!isBack) world.connect(ada);
      crossing.assertSearchesOn(ada, a, 0);
      const [again, other] = [ada, bo].map((client) => matchmaker.ticketOf(client.subject));
      assert.ok(again !== undefined && other !== undefined);
      const proposal = matchmaker.newProposal(again, other);
      for (const ticket of [again, other]) matchmaker.propose(proposal, ticket, world.now);
      for (const ticket of [again, other]) matchmaker.match(proposal, ticket, world.now);
      world.flush();
      assert.equal(ada.call?.match, proposal.id);
      assert.equal(bo.call?.match, proposal.id);
    }
  }
});

test('[GW-21] ends the search of a session that expires without a socket', () => {
  const crossing = new Crossing();
  const { ada, a, world } = crossing;
  world.lose(ada);
  world.pass(RESUME_GRACE_MS);
  crossing.propose(a);
  assert.equal(crossing.confirmed(a), 0);
  assert.equal(world.gateway.counts().waiting, 1);
});

test('[GW-22] confirms only one proposal at a time for a ticket', () => {
  const crossing = new Crossing();
  const { a, matchmaker, world } = crossing;
  crossing.propose(a);
  const cy = world.joinAdult('cy');
  cy.searchFor('text');
  const other = matchmaker.newProposal(a, matchmaker.ticketOf(cy.subject));
  matchmaker.propose(other, a, world.now);
  assert.equal(crossing.confirmed(a), 1);
  assert.equal(crossing.rejected(a), 1);
});

test('[GW-22] rejects a proposal if one user blocked the other; searches continue', () => {
  const crossing = new Crossing();
  const { ada, bo, a, world, matchmaker } = crossing;
  world.pairs.record(
    {
      kind: 'block',
      match: crossing.proposal.id,
      side: 'a',
      mark: 'a-mark',
      by: bo.subject,
      of: ada.subject,
      atWallMs: world.clock.wallMs(),
    },
    world.now,
  );
  crossing.propose(a);
  assert.equal(crossing.rejected(a), 1);
  matchmaker.abandon(crossing.proposal, a, 'gone', world.now);
  assert.equal(matchmaker.count('submit', a.id), 2);
});

test('[GW-18] never matches users of one network if configured so', () => {
  const world = new World({ keptApart: (address) => `network-${address.charAt(2)}` });
  const join = (name: string, clientAddress: string) => {
    const client = world.joinAdult(name, { clientAddress });
    client.searchFor('text');
    return client;
  };
  const [ada, bo] = [join('ada', '192.0.2.1'), join('bo', '192.0.2.2')];
  world.settle();
  assert.deepEqual([ada.call, bo.call], [null, null]);
  const cy = join('cy', '198.51.100.3');
  world.settle();
  assert.ok(cy.call !== null && (ada.call === null) !== (bo.call === null));
});

test('[GW-22] rejects a proposal if either user has been banned', () => {
  const crossing = new Crossing();
  const { ada, a, b, world } = crossing;
  world.decideUnheard(ada.subject, 'text');
  crossing.propose(a);
  assert.equal(crossing.confirmed(a), 1, 'whoever may only write may do so');
  world.decideUnheard(ada.subject, 'nothing');
  crossing.propose(b);
  assert.deepEqual([crossing.confirmed(b), crossing.rejected(b)], [0, 1]);
  assert.equal(world.gateway.counts().waiting, 2);
  crossing.propose(a);
  world.flush();
  assert.equal(crossing.confirmed(a), 1);
  assert.equal(ada.last('ticket.refused').reason, 'pool-full');
  assert.equal(world.gateway.counts().waiting, 1, 'and the other searches on');
});

test('[GW-22] accepts a ticket’s next proposal after the first was abandoned', () => {
  const crossing = new Crossing();
  const { a, b, world, matchmaker } = crossing;
  crossing.propose(a, b);
  matchmaker.abandon(crossing.proposal, a, 'waiting', world.now);
  matchmaker.abandon(crossing.proposal, b, 'gone', world.now);
  assert.equal(matchmaker.count('submit', a.id), 1);
  assert.equal(matchmaker.count('submit', b.id), 2, 'the pool does not hold it any more');
  const next = matchmaker.newProposal(a, b);
  matchmaker.propose(next, a, world.now);
  assert.equal(crossing.confirmed(a), 2);
  // A late event about the first proposal must not affect the second.
  matchmaker.abandon(crossing.proposal, a, 'waiting', world.now);
  matchmaker.propose(next, b, world.now);
  matchmaker.match(next, a, world.now);
  world.flush();
  assert.equal(crossing.ada.call?.match, next.id);
});

test('[GW-22] ignores the pool’s removal of a search that has no socket', () => {
  const crossing = new Crossing();
  const { ada, a, world, matchmaker } = crossing;
  world.lose(ada);
  const before = matchmaker.said.length;
  matchmaker.abandon(crossing.proposal, a, 'gone', world.now);
  assert.equal(matchmaker.said.length, before);
});

test('[GW-24] submits every open ticket again at a new epoch, even proposed ones', () => {
  const crossing = new Crossing();
  const { ada, bo, a, b, world, matchmaker } = crossing;
  const cy = world.joinAdult('cy');
  cy.searchFor('text');
  const c = matchmaker.ticketOf(cy.subject);
  world.lose(cy);
  crossing.propose(a);
  world.pass(500);
  matchmaker.epoch = 2;
  matchmaker.begin(world.now);
  assert.equal(matchmaker.count('submit', a.id), 2);
  assert.equal(matchmaker.count('submit', b.id), 2);
  assert.equal(matchmaker.count('submit', c.id), 1, 'but not one without a socket');
  assert.equal(matchmaker.submissionOf(ada.subject).waitedMs, 500);
  crossing.propose(a, b);
  crossing.match(a, b);
  assert.equal(ada.call?.match, bo.call?.match);
});

test('[GW-24] ignores events of the matchmaker’s older epoch', () => {
  const crossing = new Crossing();
  const { ada, a, b, world, matchmaker } = crossing;
  crossing.propose(a, b);
  matchmaker.epoch = 2;
  matchmaker.begin(world.now);
  const before = matchmaker.said.length;
  matchmaker.epoch = 1;
  crossing.match(a, b);
  crossing.propose(a);
  matchmaker.abandon(crossing.proposal, a, 'gone', world.now);
  matchmaker.refuse(a, 'pool-full', world.now);
  matchmaker.begin(world.now);
  world.flush();
  assert.equal(matchmaker.said.length, before);
  assert.equal(ada.all('match.found').length, 0);
  assert.equal(world.gateway.counts().waiting, 2);
});

test('[GW-24] opens no call for a match of an older epoch', () => {
  const crossing = new Crossing();
  const { ada, bo, a, b, world, matchmaker } = crossing;
  matchmaker.epoch = 2;
  matchmaker.begin(world.now);
  crossing.propose(a, b);
  matchmaker.epoch = 1;
  crossing.match(a, b);
  assert.deepEqual([ada.call, bo.call], [null, null]);
  matchmaker.epoch = 2;
  crossing.match(a, b);
  assert.equal(ada.call?.match, bo.call?.match);
});

test('[GW-24] confirms no proposal before the matchmaker’s first epoch', () => {
  const matchmaker = new ScriptedMatchmaker();
  const { world, ada } = joinedAdult({ matchmaker });
  ada.searchFor('text');
  const ticket = matchmaker.ticketOf(ada.subject);
  matchmaker.propose(matchmaker.newProposal(ticket, ticket), ticket, world.now);
  assert.equal(matchmaker.count('confirm', ticket.id), 0);
});

test('[GW-30] records a meeting when a call begins and when it ends', () => {
  const crossing = new Crossing();
  const { ada, bo, a, b, world } = crossing;
  crossing.propose(a, b);
  crossing.match(a, b);
  assert.ok(world.pairs.metWithin(partyOf(ada.subject), partyOf(bo.subject), 1));
  world.pass(60_000);
  assert.equal(world.pairs.metWithin(partyOf(ada.subject), partyOf(bo.subject), 60_000), false);
  ada.endCall('next');
  assert.ok(world.pairs.metWithin(partyOf(ada.subject), partyOf(bo.subject), 1));
  const kinds = world.journal.pending.map(({ record }) => record.kind);
  assert.deepEqual(kinds, ['encounter', 'encounter']);
});
