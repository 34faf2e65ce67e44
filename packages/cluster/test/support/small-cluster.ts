import type { Instant } from '@farandole/kernel/clock';
import type { NodeId } from '@farandole/kernel/id';
import { createPrng } from '@farandole/kernel/prng';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import type { PoolOptions } from '@farandole/matchmaking/pool';
import type { Broker } from '../../src/broker.ts';
import { BrokerMatchmaker } from '../../src/broker-matchmaker.ts';
import type { PoolLease } from '../../src/lease.ts';
import { PoolHost } from '../../src/pool-host.ts';
import { TicketOwner } from './ticket-owner.ts';
import { nodeId } from './tickets.ts';

export interface SmallNode {
  readonly node: NodeId;
  readonly owner: TicketOwner;
  readonly matchmaker: BrokerMatchmaker;
  readonly host: PoolHost;
  /** A paused node does nothing at a tick, as one that the operating system has stopped. */
  isPaused: boolean;
}

/** Several nodes in one process, over one broker and one lease, in simulated time. */
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

  /** Delivers all that was published, and what comes of it. */
  drain(): void {
    this.#broker.drain(this.now);
  }

  /** One turn of every node that is not paused, time standing still. */
  turn(): void {
    this.drain();
    for (const { matchmaker, host, isPaused } of this.nodes) {
      if (isPaused) continue;
      matchmaker.tick(this.now);
      host.tick(this.now);
      this.drain();
    }
  }

  /** Lets time pass, with a turn every 100 ms. */
  pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += 100) {
      this.clock.advance(Math.min(100, ms - passed));
      this.turn();
    }
  }

  /** Which of the nodes writes the pool, by its own belief. */
  get writers(): readonly SmallNode[] {
    return this.nodes.filter(({ host }) => host.epoch !== null);
  }
}
