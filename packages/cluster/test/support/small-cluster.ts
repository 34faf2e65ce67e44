import type { Instant } from '@farandole/kernel/clock';
import type { NodeId } from '@farandole/kernel/id';
import { createPrng } from '@farandole/kernel/prng';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import type { PoolOptions } from '@farandole/matchmaking/pool';
import type { Broker } from '../../src/broker.ts';
import { BrokerMatchmaker } from '../../src/broker-matchmaker.ts';
import type { PoolLease } from '../../src/lease.ts';
import { LocalBroker } from '../../src/local-broker.ts';
import { LocalLease } from '../../src/local-lease.ts';
import { PoolHost } from '../../src/pool-host.ts';
import { TicketOwner } from './ticket-owner.ts';
import { nodeId, poolOptions } from './tickets.ts';

export interface SmallNode {
  readonly node: NodeId;
  readonly owner: TicketOwner;
  readonly matchmaker: BrokerMatchmaker;
  readonly host: PoolHost;
  /** A paused node skips its ticks, as a suspended process does. */
  isPaused: boolean;
}

/** Simulates several nodes in one process, with one broker and one lease. */
export class SmallCluster {
  readonly clock = new SimClock(1_000);
  readonly nodes: SmallNode[] = [];
  readonly #broker: Broker;

  constructor(broker: Broker, lease: PoolLease, names: readonly string[], options: PoolOptions) {
    this.#broker = broker;
    for (const [at, name] of names.entries()) {
      const node = nodeId(name);
      const matchmaker = new BrokerMatchmaker(broker, node);
      const owner = new TicketOwner(matchmaker);
      const host = new PoolHost({ node, options }, { broker, lease }, createPrng(at + 1));
      this.nodes.push({ node, owner, matchmaker, host, isPaused: false });
    }
  }

  get now(): Instant {
    return { monotonicMs: this.clock.monotonicMs(), wallMs: this.clock.wallMs() };
  }

  drain(): void {
    this.#broker.drain(this.now);
  }

  /** Runs one turn of every running node without advancing the simulated time. */
  turn(): void {
    this.drain();
    for (const { matchmaker, host, isPaused } of this.nodes) {
      if (isPaused) continue;
      matchmaker.tick(this.now);
      host.tick(this.now);
      this.drain();
    }
  }

  /** Advances the simulated time and runs a turn of each node every 100 ms. */
  pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += 100) {
      this.clock.advance(Math.min(100, ms - passed));
      this.turn();
    }
  }

  get writers(): readonly SmallNode[] {
    return this.nodes.filter(({ host }) => host.epoch !== null);
  }
}

interface TwoNodes<B extends Broker> {
  readonly cluster: SmallCluster;
  readonly broker: B;
  readonly ada: SmallNode;
  readonly bob: SmallNode;
}

export function nodesBeforeTurn<B extends Broker>(broker: B): TwoNodes<B> {
  const cluster = new SmallCluster(broker, new LocalLease(), ['ada', 'bob'], poolOptions());
  const [ada, bob] = cluster.nodes as [SmallNode, SmallNode];
  return { cluster, broker, ada, bob };
}

/**
 * Returns a cluster of two nodes after the first turn, in which Ada's node becomes the pool's
 * writer.
 */
export function twoNodes(broker: Broker = new LocalBroker()): TwoNodes<Broker> {
  const nodes = nodesBeforeTurn(broker);
  nodes.cluster.turn();
  return nodes;
}
