import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { poolAddress } from '../src/broker.ts';
import { DEFAULT_POOL } from '../src/broker-matchmaker.ts';
import { nextSequence, openLane, takeSequence } from '../src/lane.ts';
import { LANE_BEAT_MS } from '../src/limits.ts';
import type { ClusterMessage } from '../src/messages.ts';
import { FaultyBroker, NO_FAULTS } from './support/faulty-broker.ts';
import { nodesBeforeTurn } from './support/small-cluster.ts';
import { nodeId, ticketOf } from './support/tickets.ts';

describe('numbered messages between two nodes arrive in the order sent', () => {
  it('[CL-20] drops node-to-node messages of an earlier connection or epoch', () => {
    const broker = new FaultyBroker(createPrng(1));
    const { cluster, ada, bob } = nodesBeforeTurn(broker);
    broker.faults = { ...NO_FAULTS, drop: 1 };
    broker.touches = (message) =>
      message.type === 'to-writer' &&
      message.from === bob.node &&
      message.body.type === 'lane.open' &&
      message.place.lane === 1;
    cluster.turn();
    cluster.pass(2 * LANE_BEAT_MS);
    assert.deepEqual(bob.owner.epochs, [1, 2]);
    const ticket = ticketOf(bob.node, 'bert');
    bob.owner.submit(ticket, cluster.now);
    cluster.pass(100);
    assert.equal(ada.host.waitingByMode()?.get('text'), 1);
    for (let seq = 1; seq < 10; seq++) {
      for (const place of [
        { epoch: { number: 1, writer: ada.node }, lane: 1, seq },
        { epoch: { number: 0, writer: ada.node }, lane: 2, seq },
      ]) {
        broker.publish(poolAddress(DEFAULT_POOL), {
          type: 'to-writer',
          from: bob.node,
          pool: DEFAULT_POOL,
          place,
          body: { type: 'ticket.withdraw', ticketId: ticket.id },
        });
      }
    }
    cluster.pass(4 * LANE_BEAT_MS);
    assert.equal(ada.host.waitingByMode()?.get('text'), 1);
    assert.deepEqual(bob.owner.epochs, [1, 2]);
  });

  it('[CL-20] accepts each node-to-node message once, by ascending number, and detects gaps', () => {
    const epoch = { number: 3, writer: nodeId('ada') };
    const from = openLane(epoch, 2, 0);
    const to = openLane(epoch, 2, 0);
    const places = [nextSequence(from), nextSequence(from), nextSequence(from)] as const;
    assert.deepEqual(
      places,
      [1, 2, 3].map((seq) => ({ epoch, lane: 2, seq })),
    );
    const [one, two, three] = places;
    assert.equal(takeSequence(to, one, 10), 'take');
    assert.equal(takeSequence(to, one, 20), 'drop');
    assert.equal(takeSequence(to, three, 30), 'gap');
    assert.equal(to.takenAtMonotonicMs, 10);
    assert.equal(takeSequence(to, two, 40), 'take');
    assert.equal(takeSequence(to, three, 50), 'take');
  });

  /** All kinds of messages that occur in a short run with one gateway. */
  const KINDS: readonly string[] = [
    'pool.who',
    'pool.epoch',
    'lane.open',
    'lane.beat',
    'ticket.submit',
    'ticket.proposed',
    'proposal.confirm',
    'ticket.matched',
    'lane.lost',
  ];

  for (const kind of KINDS) {
    it(`[CL-21] detects a lost ${kind} within two heartbeats and resubmits all tickets`, () => {
      const broker = new FaultyBroker(createPrng(1));
      const { cluster, ada, bob } = nodesBeforeTurn(broker);
      loseOne(broker, kind);
      cluster.turn();
      cluster.pass(LANE_BEAT_MS);
      ada.owner.submit(ticketOf(ada.node, 'anna'), cluster.now);
      bob.owner.submit(ticketOf(bob.node, 'bert'), cluster.now);
      cluster.pass(4 * LANE_BEAT_MS);
      assert.equal(broker.counts.dropped, kind === 'lane.lost' ? 2 : 1);
      const matches = cluster.nodes.flatMap(({ owner }) => [...owner.matches.values()].flat());
      assert.equal(matches.length, 2);
      assert.equal(matches[0]?.id, matches[1]?.id);
    });
  }
});

function loseOne(broker: FaultyBroker, kind: string): void {
  const lost = new Set<string>();
  // `lane.lost` is sent only for a lost lane, so the test also drops the message that opens the
  // lane.
  const kinds = kind === 'lane.lost' ? ['lane.open', kind] : [kind];
  broker.faults = { ...NO_FAULTS, drop: 1 };
  broker.touches = (message) => {
    const name = nameOf(message);
    if (!kinds.includes(name) || lost.has(name)) return false;
    lost.add(name);
    return true;
  };
}

function nameOf(message: ClusterMessage): string {
  return message.type === 'to-writer' || message.type === 'to-gateway'
    ? message.body.type
    : message.type;
}
