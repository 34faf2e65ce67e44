import type { Instant } from '@farandole/kernel/clock';
import type { ModeId } from '@farandole/matchmaking/mode';
import type { BrokerMatchmaker } from './broker-matchmaker.ts';
import type { NodePool } from './node-turns.ts';
import type { PoolHost } from './pool-host.ts';

/** A node's connection to the other nodes, such as a broker or a `ValkeyCluster`. */
export interface NodeLink {
  drain(now: Instant): number;
  /** Runs timed work. A broker within one process has none. */
  tick?(now: Instant): void;
}

/** The pool as one cluster node sees it. Drives the node's broker clients. */
export class BrokerNode implements NodePool {
  readonly matchmaker: BrokerMatchmaker;
  readonly #link: NodeLink;
  host: PoolHost;

  constructor(link: NodeLink, matchmaker: BrokerMatchmaker, host: PoolHost) {
    this.#link = link;
    this.matchmaker = matchmaker;
    this.host = host;
  }

  tick(now: Instant): void {
    this.#link.tick?.(now);
    this.host.tick(now);
    this.matchmaker.tick(now);
  }

  runWave(now: Instant): void {
    this.host.runWave(now);
  }

  drain(now: Instant): number {
    return this.#link.drain(now);
  }

  waitingByMode(): ReadonlyMap<ModeId, number> | null {
    return this.host.waitingByMode();
  }
}
