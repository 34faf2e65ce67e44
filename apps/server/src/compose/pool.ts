import { DirectMatchmaker } from '@farandole/cluster/direct-matchmaker';
import type { NodeSessions } from '@farandole/cluster/node-sessions';
import type { NodePool } from '@farandole/cluster/node-turns';
import type { Instant } from '@farandole/kernel/clock';
import type { PoolOptions } from '@farandole/matchmaking/pool';
import type { Matchmaker } from '@farandole/matchmaking/ports';
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
