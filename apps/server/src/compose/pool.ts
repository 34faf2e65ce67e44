import { BrokerMatchmaker, DEFAULT_POOL } from '@farandole/cluster/broker-matchmaker';
import { BrokerNode } from '@farandole/cluster/broker-node';
import { DirectMatchmaker } from '@farandole/cluster/direct-matchmaker';
import { NodeSessions, type NodeSessionsParts } from '@farandole/cluster/node-sessions';
import type { NodePool } from '@farandole/cluster/node-turns';
import { PoolHost } from '@farandole/cluster/pool-host';
import type { ValkeyCluster } from '@farandole/cluster/valkey/valkey-cluster';
import type { Instant } from '@farandole/kernel/clock';
import type { TicketFacts } from '@farandole/matchmaking/apart/ticket-facts';
import type { PoolOptions } from '@farandole/matchmaking/pool';
import type { Matchmaker } from '@farandole/matchmaking/ports';
import type { Ticket } from '@farandole/matchmaking/ticket';
import { freshPrng } from '../keys/random-ids.ts';

export interface PoolPart {
  readonly matchmaker: Matchmaker;
  readonly pool: NodePool;
  /** Passes sessions and frames between nodes; null on a server with one node. */
  readonly sessions: NodeSessions | null;
  /** Returns the epoch in which this node writes the pool; null while another node does. */
  readonly epoch: () => number | null;
  /** Leaves the pool to another node, at once and for good. */
  readonly stopWriting: () => void;
}

/** Creates the pool of a server with one node, which the gateway calls directly. */
export function openOwnPool(options: PoolOptions, now: Instant): PoolPart {
  const matchmaker = new DirectMatchmaker(options, freshPrng(), now);
  return { matchmaker, pool: matchmaker, sessions: null, epoch: () => null, stopWriting: () => {} };
}

/** Joins the pool that all nodes share, and the sessions of all nodes. */
export function openSharedPool(
  options: PoolOptions,
  cluster: ValkeyCluster,
  parts: Pick<NodeSessionsParts, 'sockets' | 'mint'> & {
    readonly factsOf: (ticket: Ticket) => TicketFacts;
  },
): PoolPart {
  const { node, broker, lease } = cluster;
  const { factsOf, ...ofSessions } = parts;
  const matchmaker = new BrokerMatchmaker(broker, node, DEFAULT_POOL, factsOf);
  const rank = (): number | null => cluster.rank(DEFAULT_POOL);
  const host = new PoolHost({ node, options }, { broker, lease, rank }, freshPrng());
  return {
    matchmaker,
    pool: new BrokerNode(cluster, matchmaker, host),
    sessions: new NodeSessions({ node, channel: cluster, ...ofSessions }),
    epoch: () => host.epoch,
    stopWriting: () => host.stop(),
  };
}
