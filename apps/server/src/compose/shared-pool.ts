import { BrokerMatchmaker, DEFAULT_POOL } from '@farandole/cluster/broker-matchmaker';
import { BrokerNode } from '@farandole/cluster/broker-node';
import { NodeSessions, type NodeSessionsParts } from '@farandole/cluster/node-sessions';
import { PoolHost } from '@farandole/cluster/pool-host';
import type { ValkeyCluster } from '@farandole/cluster/valkey/valkey-cluster';
import type { TicketFacts } from '@farandole/matchmaking/apart/ticket-facts';
import type { PoolOptions } from '@farandole/matchmaking/pool';
import type { Ticket } from '@farandole/matchmaking/ticket';
import { freshPrng } from '../keys/random-ids.ts';
import type { PoolPart } from './pool.ts';

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
