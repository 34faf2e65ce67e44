import type { Instant } from '@farandole/kernel/clock';
import type { NodeId } from '@farandole/kernel/id';
import type { LeaseGrant, PoolLease } from './lease.ts';
import { LEASE_DURATION_MS } from './limits.ts';

interface LeaseState {
  /**
   * Last granted epoch. It stays while the lease is free, so that the next grant gets a larger
   * one.
   */
  epoch: number;
  holder: NodeId | null;
  endsAtMonotonicMs: number;
}

/** Grants leases within one process. Answers each request before the call returns. */
export class LocalLease implements PoolLease {
  readonly #pools = new Map<string, LeaseState>();

  acquire(
    pool: string,
    node: NodeId,
    above: number,
    now: Instant,
    answer: (grant: LeaseGrant | null) => void,
  ): void {
    const held = this.#pools.get(pool);
    if (
      held !== undefined &&
      held.holder !== null &&
      held.holder !== node &&
      now.monotonicMs < held.endsAtMonotonicMs
    ) {
      answer(null);
      return;
    }
    const epoch = Math.max(held?.epoch ?? 0, above) + 1;
    this.#pools.set(pool, {
      epoch,
      holder: node,
      endsAtMonotonicMs: now.monotonicMs + LEASE_DURATION_MS,
    });
    answer({ epoch });
  }

  renew(
    pool: string,
    node: NodeId,
    epoch: number,
    now: Instant,
    answer: (renewed: boolean) => void,
  ): void {
    const held = this.#pools.get(pool);
    if (
      held === undefined ||
      held.holder !== node ||
      held.epoch !== epoch ||
      now.monotonicMs >= held.endsAtMonotonicMs
    ) {
      answer(false);
      return;
    }
    held.endsAtMonotonicMs = now.monotonicMs + LEASE_DURATION_MS;
    answer(true);
  }

  release(pool: string, node: NodeId, epoch: number): void {
    const held = this.#pools.get(pool);
    if (held !== undefined && held.holder === node && held.epoch === epoch) held.holder = null;
  }
}
