import type { Instant } from '@farandole/kernel/clock';
import type { ModeId } from '@farandole/matchmaking/mode';
import type { Broker } from './broker.ts';
import type { BrokerMatchmaker } from './broker-matchmaker.ts';
import type { NodePool } from './node-turns.ts';
import type { PoolHost } from './pool-host.ts';

/** The pool as one cluster node sees it. Drives the node's broker clients. */
export class BrokerNode implements NodePool {
  readonly matchmaker: BrokerMatchmaker;
  readonly #broker: Broker;
  host: PoolHost;

  constructor(broker: Broker, matchmaker: BrokerMatchmaker, host: PoolHost) {
    this.#broker = broker;
    this.matchmaker = matchmaker;
    this.host = host;
  }

  tick(now: Instant): void {
    this.host.tick(now);
    this.matchmaker.tick(now);
  }

  runWave(now: Instant): void {
    this.host.runWave(now);
  }

  drain(now: Instant): number {
    return this.#broker.drain(now);
  }

  waitingByMode(): ReadonlyMap<ModeId, number> | null {
    return this.host.waitingByMode();
  }
}
