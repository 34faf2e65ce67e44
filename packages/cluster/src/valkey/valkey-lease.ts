import type { Instant } from '@farandole/kernel/clock';
import type { NodeId } from '@farandole/kernel/id';
import type { LeaseAnswer, LeaseRequest, PoolLease } from '../lease.ts';
import { LEASE_DURATION_MS, LEASE_ENDED_KEPT_MS } from '../limits.ts';
import { ACQUIRE, RELEASE, RENEW } from './scripts.ts';
import { PREFIX, type ValkeyBroker } from './valkey-broker.ts';
import type { Wire } from './wire.ts';

/**
 * Grants leases that Valkey keeps. Answers arrive in a drain of the broker. A request that Valkey
 * doesn't answer is never answered.
 */
export class ValkeyLease implements PoolLease {
  readonly #wire: Wire;
  readonly #broker: Pick<ValkeyBroker, 'post'>;

  readonly #onArrived: () => void;

  constructor(wire: Wire, broker: Pick<ValkeyBroker, 'post'>, onArrived: () => void) {
    this.#wire = wire;
    this.#broker = broker;
    this.#onArrived = onArrived;
  }

  acquire(request: LeaseRequest, _now: Instant, answer: LeaseAnswer): void {
    const { pool, node, above, lateMs } = request;
    const args = [node, above, lateMs, LEASE_DURATION_MS, LEASE_ENDED_KEPT_MS];
    this.#run(ACQUIRE, [leaseKey(pool), epochKey(pool)], args, (result) => {
      const [epoch = 0, freeInMs = 0] = numbersOf(result);
      if (epoch > 0) answer({ epoch }, 0);
      else answer(null, freeInMs);
    });
  }

  renew(
    pool: string,
    node: NodeId,
    epoch: number,
    _now: Instant,
    answer: (renewed: boolean) => void,
  ): void {
    const args = [node, epoch, LEASE_DURATION_MS, LEASE_ENDED_KEPT_MS];
    this.#run(RENEW, [leaseKey(pool)], args, (result) => answer(result === 1));
  }

  release(pool: string, node: NodeId, epoch: number): void {
    this.#run(RELEASE, [leaseKey(pool)], [node, epoch, LEASE_ENDED_KEPT_MS], () => {});
  }

  #run(
    script: string,
    keys: readonly string[],
    args: readonly (string | number)[],
    done: (result: unknown) => void,
  ): void {
    if (!this.#wire.isUp) return;
    void this.#answer(this.#wire.run(script, keys, args), done);
  }

  async #answer(running: Promise<unknown>, done: (result: unknown) => void): Promise<void> {
    let result: unknown;
    try {
      result = await running;
    } catch {
      // Without an answer the grant ends in time.
      return;
    }
    this.#broker.post(() => done(result));
    this.#onArrived();
  }
}

function leaseKey(pool: string): string {
  return `${PREFIX}pool:${pool}`;
}

function epochKey(pool: string): string {
  return `${PREFIX}epoch:${pool}`;
}

function numbersOf(result: unknown): readonly number[] {
  return Array.isArray(result) ? result.map(Number) : [];
}
