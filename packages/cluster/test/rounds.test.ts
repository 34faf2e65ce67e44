import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Hour } from '@farandole/matchmaking/hours';
import { ROUND_GATHER_MS, ROUND_MS } from '@farandole/matchmaking/limits';
import { LEASE_DURATION_MS, LEASE_RETRY_AFTER_MS } from '../src/limits.ts';
import { LocalBroker } from '../src/local-broker.ts';
import { LocalLease } from '../src/local-lease.ts';
import { SmallCluster, type SmallNode } from './support/small-cluster.ts';
import { poolOptions, ticketOf } from './support/tickets.ts';

const HOUR_MS = 60 * 60_000;
const TURN_MS = 100;
const STARTS_IN_MS = 30_000;

/** Returns two nodes with one pool, and an hour that begins in `STARTS_IN_MS`. */
function twoNodes() {
  const hours: Hour[] = [];
  const options = poolOptions({ hours: () => ({ door: 'open', hours }) });
  const cluster = new SmallCluster(new LocalBroker(), new LocalLease(), ['ada', 'bob'], options);
  const startMs = cluster.now.wallMs + STARTS_IN_MS;
  hours.push({ id: 'hour-0001', title: 'Films', mode: 'text', startMs, endMs: startMs + HOUR_MS });
  cluster.turn();
  const [ada, bob] = cluster.nodes as [SmallNode, SmallNode];
  return { cluster, ada, bob, startMs };
}

/** Moves the clocks of all nodes to a bell, which the nodes see with their next turn. */
function ring(cluster: SmallCluster, bellMs: number): void {
  cluster.clock.advance(bellMs - cluster.now.wallMs);
}

function submit(cluster: SmallCluster, { node, owner }: SmallNode, ...names: string[]): void {
  for (const name of names) owner.submit(ticketOf(node, name), cluster.now);
}

describe('an hour on several nodes', () => {
  it('[CL-151] pairs users of different nodes at the same bell', () => {
    const { cluster, ada, bob, startMs } = twoNodes();
    ring(cluster, startMs);
    submit(cluster, ada, 'ann');
    submit(cluster, bob, 'ben');
    cluster.pass(ROUND_GATHER_MS - TURN_MS);
    assert.deepEqual([ada.owner.matches.size, bob.owner.matches.size], [0, 0]);
    cluster.pass(3 * TURN_MS);
    const [[atAda] = [], [atBob] = []] = [ada, bob].map(({ owner }) =>
      [...owner.matches.values()].flat(),
    );
    assert.ok(atAda !== undefined && atAda.id === atBob?.id);
    assert.equal(new Set(atAda.tickets.map(({ node }) => node)).size, 2);
  });

  it('[CL-151] keeps the bells when another node takes over the pool', () => {
    const { cluster, ada, bob, startMs } = twoNodes();
    assert.deepEqual(cluster.writers, [ada]);
    ring(cluster, startMs + ROUND_MS - LEASE_DURATION_MS - 3 * LEASE_RETRY_AFTER_MS);
    ada.isPaused = true;
    cluster.pass(LEASE_DURATION_MS + 2 * LEASE_RETRY_AFTER_MS);
    assert.ok(bob.host.epoch !== null, 'the other node has the pool');
    ring(cluster, startMs + ROUND_MS);
    submit(cluster, bob, 'ben', 'bea');
    cluster.pass(ROUND_GATHER_MS - TURN_MS);
    assert.equal(bob.owner.matches.size, 0);
    cluster.pass(3 * TURN_MS);
    assert.equal(bob.owner.matches.size, 2);
  });
});
