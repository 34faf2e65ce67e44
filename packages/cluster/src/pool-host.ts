import type { Instant } from '@farandole/kernel/clock';
import type { NodeId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import type { ModeId } from '@farandole/matchmaking/mode';
import type { PoolOptions } from '@farandole/matchmaking/pool';
import { type Broker, EVERY_NODE, poolAddress } from './broker.ts';
import { DEFAULT_POOL } from './broker-matchmaker.ts';
import { compareEpochs, type Epoch } from './epoch.ts';
import type { PoolLease } from './lease.ts';
import {
  LEASE_DURATION_MS,
  LEASE_MARGIN_MS,
  LEASE_RANK_MS,
  LEASE_RENEW_AFTER_MS,
  LEASE_RETRY_AFTER_MS,
} from './limits.ts';
import type { ClusterMessage } from './messages.ts';
import { PoolWriter } from './pool-writer.ts';

export interface PoolHostConfig {
  readonly node: NodeId;
  /** Name of the pool, the same on every node. The default is `DEFAULT_POOL`. */
  readonly pool?: string;
  readonly options: PoolOptions;
}

export interface PoolHostPorts {
  readonly broker: Broker;
  readonly lease: PoolLease;
  /**
   * Returns this node's place among the nodes that may write the pool, from 0. Null while this node
   * must not write it. Always 0 by default.
   */
  readonly rank?: () => number | null;
}

/**
 * Requests the lease of a pool, and runs the pool's writer while this node holds the lease.
 * Every node of a cluster has a host, but at most one of them has a writer. The owner calls
 * `tick` about ten times a second, calls `runWave` to pair users sooner, and drains the broker
 * after each turn.
 */
export class PoolHost {
  readonly #config: PoolHostConfig;
  readonly #name: string;
  readonly #broker: Broker;
  readonly #lease: PoolLease;
  readonly #rank: () => number | null;
  readonly #prng: Prng;
  readonly #unsubscribe: () => void;

  #writer: PoolWriter | null = null;
  #unsubscribeWriter: () => void = () => {};
  #validUntilMonotonicMs = 0;
  /** A lease granted since the last tick: its epoch and the time when it ends. */
  #granted: { readonly epoch: number; readonly validUntilMonotonicMs: number } | null = null;
  #epochSeen: Epoch | null = null;
  #askAtMonotonicMs = Number.NEGATIVE_INFINITY;
  #isStopped = false;

  constructor(config: PoolHostConfig, ports: PoolHostPorts, prng: Prng) {
    this.#config = config;
    this.#name = config.pool ?? DEFAULT_POOL;
    this.#broker = ports.broker;
    this.#lease = ports.lease;
    this.#rank = ports.rank ?? (() => 0);
    this.#prng = prng;
    this.#unsubscribe = this.#broker.subscribe(EVERY_NODE, (message) => {
      if (message.type === 'pool.epoch' && message.pool === this.#name) this.#see(message.epoch);
      if (message.type === 'pool.free' && message.pool === this.#name) this.#askSoon();
    });
  }

  /** Epoch number of the writer, or null while another node writes the pool. */
  get epoch(): number | null {
    return this.#writer?.epoch.number ?? null;
  }

  /**
   * Number of waiting tickets of the cluster by mode, or null while another node writes the
   * pool.
   */
  waitingByMode(): ReadonlyMap<ModeId, number> | null {
    return this.#writer?.waitingByMode() ?? null;
  }

  /** Requests or renews the lease, ends expired proposals, and runs a wave of pairing. */
  tick(now: Instant): void {
    if (this.#isStopped) return;
    this.#checkLease(now);
    const rank = this.#rank();
    if (rank === null) this.#granted = null;
    else if (now.monotonicMs >= this.#askAtMonotonicMs) this.#ask(now, rank);
    if (this.#granted !== null) this.#begin(now);
    this.#writer?.tick(now);
    this.#writer?.runWave(now, this.#prng);
  }

  runWave(now: Instant): void {
    this.#checkLease(now);
    this.#writer?.runWave(now, this.#prng);
  }

  stop(): void {
    this.#isStopped = true;
    const epoch = this.#writer?.epoch.number ?? this.#granted?.epoch;
    this.#granted = null;
    this.#end();
    this.#unsubscribe();
    if (epoch !== undefined) this.#release(epoch);
  }

  #release(epoch: number): void {
    this.#lease.release(this.#name, this.#config.node, epoch);
    this.#broker.publish(EVERY_NODE, { type: 'pool.free', pool: this.#name });
  }

  #ask(now: Instant, rank: number): void {
    const validUntilMonotonicMs = now.monotonicMs + LEASE_DURATION_MS - LEASE_MARGIN_MS;
    const epoch = this.#writer?.epoch.number;
    if (epoch === undefined) {
      const above = this.#epochSeen?.number ?? 0;
      const lateMs = rank * LEASE_RANK_MS;
      const request = { pool: this.#name, node: this.#config.node, above, lateMs };
      this.#askAtMonotonicMs = now.monotonicMs + LEASE_RETRY_AFTER_MS;
      this.#lease.acquire(request, now, (grant, freeInMs) => {
        if (this.#isStopped) {
          if (grant !== null) this.#release(grant.epoch);
          return;
        }
        if (grant === null) {
          // The lease may have been freed since: then this host asks at the next tick.
          const againAtMonotonicMs = now.monotonicMs + freeInMs;
          this.#askAtMonotonicMs = Math.min(this.#askAtMonotonicMs, againAtMonotonicMs);
          return;
        }
        this.#granted = { epoch: grant.epoch, validUntilMonotonicMs };
      });
      return;
    }
    this.#askAtMonotonicMs = now.monotonicMs + LEASE_RENEW_AFTER_MS;
    this.#lease.renew(this.#name, this.#config.node, epoch, now, (renewed) => {
      // Ignores an answer about a lease that this host held earlier.
      if (this.#writer?.epoch.number !== epoch) return;
      if (renewed) this.#validUntilMonotonicMs = validUntilMonotonicMs;
      else this.#end();
    });
  }

  #begin(now: Instant): void {
    const granted = this.#granted;
    this.#granted = null;
    if (granted === null || now.monotonicMs >= granted.validUntilMonotonicMs) return;
    const epoch: Epoch = { number: granted.epoch, writer: this.#config.node };
    if (this.#epochSeen !== null && compareEpochs(epoch, this.#epochSeen) <= 0) return;
    this.#end();
    this.#epochSeen = epoch;
    this.#validUntilMonotonicMs = granted.validUntilMonotonicMs;
    this.#askAtMonotonicMs = now.monotonicMs + LEASE_RENEW_AFTER_MS;
    this.#writer = new PoolWriter(epoch, this.#name, this.#broker, this.#config.options, now);
    this.#unsubscribeWriter = this.#broker.subscribe(poolAddress(this.#name), (message, at) =>
      this.#receive(message, at),
    );
    this.#broker.publish(EVERY_NODE, { type: 'pool.epoch', pool: this.#name, epoch });
  }

  #receive(message: ClusterMessage, now: Instant): void {
    this.#checkLease(now);
    if (message.type === 'pool.who') {
      this.#writer?.introduce(message.from);
    } else if (message.type === 'to-writer') {
      this.#see(message.place.epoch);
      this.#writer?.receive(message, now);
    }
  }

  /**
   * Ends this node's writer if its epoch is smaller than the given one, because another writer
   * has replaced it.
   */
  #see(epoch: Epoch): void {
    if (this.#epochSeen !== null && compareEpochs(epoch, this.#epochSeen) <= 0) return;
    this.#epochSeen = epoch;
    this.#end();
  }

  #checkLease(now: Instant): void {
    if (now.monotonicMs >= this.#validUntilMonotonicMs || this.#rank() === null) this.#end();
  }

  /**
   * Ends the writer and drops its pool. The gateways keep their own tickets and resubmit them at
   * the next epoch.
   */
  #end(): void {
    if (this.#writer === null) return;
    this.#writer = null;
    this.#unsubscribeWriter();
    this.#unsubscribeWriter = () => {};
    this.#askSoon();
  }

  /** Requests the lease at the next tick. */
  #askSoon(): void {
    if (this.#writer === null) this.#askAtMonotonicMs = Number.NEGATIVE_INFINITY;
  }
}
