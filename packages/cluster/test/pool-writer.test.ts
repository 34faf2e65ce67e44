import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { PROPOSAL_TIMEOUT_MS } from '@farandole/matchmaking/limits';
import type { Proposal } from '@farandole/matchmaking/proposal';
import { nodeAddress } from '../src/broker.ts';
import { LANE_BEAT_MS, MATCH_REMEMBERED_MS, NODE_SILENT_MS } from '../src/limits.ts';
import { MatchMemory } from '../src/match-memory.ts';
import { FaultyBroker, NO_FAULTS } from './support/faulty-broker.ts';
import { type SmallNode, twoNodes } from './support/small-cluster.ts';
import { poolOptions, ticketOf } from './support/tickets.ts';

describe("the pool writer tracks each node's tickets through faults", () => {
  it("[CL-34] drops a dead node's tickets and returns their partners to waiting", () => {
    const { cluster, ada, bob } = twoNodes();
    bob.owner.answer = 'later';
    ada.owner.submit(ticketOf(ada.node, 'anna'), cluster.now);
    bob.owner.submit(ticketOf(bob.node, 'bert'), cluster.now);
    bob.owner.submit(ticketOf(bob.node, 'cleo', { mode: 'video' }), cluster.now);
    cluster.pass(100);
    bob.matchmaker.stop();
    bob.isPaused = true;
    cluster.pass(PROPOSAL_TIMEOUT_MS);
    assert.equal(ada.owner.heard.abandoned[0]?.ticketIs, 'waiting');
    cluster.pass(NODE_SILENT_MS - PROPOSAL_TIMEOUT_MS - LANE_BEAT_MS);
    assert.equal(waiting(ada, 'video'), 1);
    cluster.pass(LANE_BEAT_MS);
    assert.equal(waiting(ada, 'video'), 0);
    assert.equal(waiting(ada, 'text'), 1);
  });

  it('[CL-34] restores all tickets of a slow node within two heartbeats', () => {
    const { cluster, ada, bob } = twoNodes();
    bob.owner.submit(ticketOf(bob.node, 'bert'), cluster.now);
    cluster.pass(100);
    bob.isPaused = true;
    cluster.pass(NODE_SILENT_MS + 100);
    assert.equal(waiting(ada, 'text'), 0);
    bob.isPaused = false;
    cluster.pass(2 * LANE_BEAT_MS);
    assert.equal(waiting(ada, 'text'), 1);
  });

  it('[CL-35] ignores a node’s messages about other nodes’ tickets', () => {
    const { cluster, ada, bob } = twoNodes();
    bob.matchmaker.submit(ticketOf(ada.node, 'anna'));
    cluster.drain();
    assert.equal(waiting(ada, 'text'), 0);

    const ticketA = ticketOf(ada.node, 'anna');
    ada.owner.submit(ticketA, cluster.now);
    cluster.drain();
    bob.matchmaker.withdraw(ticketA.id);
    bob.matchmaker.widen(ticketA.id);
    cluster.drain();
    assert.equal(waiting(ada, 'text'), 1);

    ada.owner.answer = 'later';
    bob.owner.submit(ticketOf(bob.node, 'bert'), cluster.now);
    cluster.pass(100);
    const [proposed] = ada.owner.heard.proposed;
    assert.ok(proposed !== undefined);
    bob.matchmaker.confirm(proposed.proposal.id, ticketA.id);
    bob.matchmaker.reject(proposed.proposal.id, ticketA.id);
    cluster.drain();
    assert.equal(bob.owner.matches.size, 0);
    assert.equal(ada.owner.heard.abandoned.length, 0);
  });

  it("[CL-36] repeats a match that the ticket's node missed, instead of making another", () => {
    const broker = new FaultyBroker(createPrng(1));
    const { cluster, ada, bob } = twoNodes(broker);
    const ticketB = ticketOf(bob.node, 'bert');
    ada.owner.submit(ticketOf(ada.node, 'anna'), cluster.now);
    bob.owner.submit(ticketB, cluster.now);
    broker.faults = { ...NO_FAULTS, drop: 1 };
    broker.touches = (message, to) =>
      message.type === 'to-gateway' &&
      message.body.type === 'ticket.matched' &&
      to === nodeAddress(bob.node);
    cluster.pass(100);
    assert.equal(broker.counts.dropped, 1);
    broker.faults = NO_FAULTS;
    const [match] = [...ada.owner.matches.values()].flat();
    assert.ok(match !== undefined);
    ada.owner.submit(ticketOf(ada.node, 'cleo'), cluster.now);
    cluster.pass(2 * LANE_BEAT_MS);
    assert.deepEqual(
      bob.owner.matches.get(ticketB.id)?.map(({ id }) => id),
      [match.id],
    );
    assert.equal(waiting(ada, 'text'), 1);
  });

  it('[CL-37] a new pool writer receives the open tickets and their waiting times', () => {
    const { cluster, ada, bob } = twoNodes();
    ada.owner.submit(ticketOf(ada.node, 'anna', { mode: 'video' }), cluster.now);
    bob.owner.submit(ticketOf(bob.node, 'bert'), cluster.now);
    cluster.pass(3_000);
    ada.host.stop();
    cluster.pass(1_500);
    assert.deepEqual(
      cluster.writers.map(({ node }) => node),
      [bob.node],
    );
    assert.equal(waiting(bob, 'video'), 1);
    ada.owner.submit(ticketOf(ada.node, 'cleo'), cluster.now);
    cluster.pass(100);
    const [match] = [...bob.owner.matches.values()].flat();
    assert.ok(match !== undefined);
    assert.ok(Math.max(...match.waitedMs) >= 4_500);
  });
});

describe('a pool remembers recent matches within limits', () => {
  const { ada, bob } = twoNodes();
  const a = ticketOf(ada.node, 'anna');
  const b = ticketOf(bob.node, 'bert');
  const match = {
    id: poolOptions().mintMatchId(),
    tickets: [a, b],
    offerer: a.id,
    sharedInterests: [],
    sharedLanguages: [],
    score: 0,
    waitedMs: [0, 0],
  } satisfies Proposal;

  it('[CL-36] remembers a match for both tickets until it expires', () => {
    const memory = new MatchMemory();
    memory.remember(match, 1_000);
    memory.forgetOld(1_000 + MATCH_REMEMBERED_MS - 1);
    assert.equal(memory.of(a.id), match);
    assert.equal(memory.of(b.id), match);
    memory.forgetOld(1_000 + MATCH_REMEMBERED_MS);
    assert.equal(memory.of(a.id), null);
    assert.equal(memory.of(b.id), null);
  });

  it('[CL-36] forgets the oldest match when the memory is full', () => {
    const memory = new MatchMemory(3);
    const matches = Array.from({ length: 4 }, (_, at) => ({
      ...match,
      tickets: [ticketOf(ada.node, `a${at}`), ticketOf(bob.node, `b${at}`)] as const,
    }));
    for (const each of matches.slice(0, 3)) memory.remember(each, 0);
    assert.ok(matches.slice(0, 3).every((each) => memory.of(each.tickets[0].id) === each));
    memory.remember(matches[3] ?? match, 0);
    assert.equal(memory.of(matches[0]?.tickets[0].id ?? a.id), null);
    assert.equal(memory.of(matches[0]?.tickets[1].id ?? b.id), null);
    assert.equal(memory.of(matches[1]?.tickets[1].id ?? b.id), matches[1]);
    assert.equal(memory.of(matches[3]?.tickets[0].id ?? a.id), matches[3]);
  });
});

function waiting(writer: SmallNode, mode: string): number {
  return writer.host.waitingByMode()?.get(mode) ?? -1;
}
