import type { Instant } from '@farandole/kernel/clock';
import type { NodeId } from '@farandole/kernel/id';
import type { LeaseAnswer, LeaseRequest, PoolLease } from './lease.ts';
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
  /** Time of the latest request, at which a returned lease becomes free. */
  #latestMonotonicMs = 0;

  acquire({ pool, node, above, lateMs }: LeaseRequest, now: Instant, answer: LeaseAnswer): void {
    this.#latestMonotonicMs = Math.max(this.#latestMonotonicMs, now.monotonicMs);
    const held = this.#pools.get(pool);
    const freeInMs =
      held === undefined || held.holder === node
        ? 0
        : held.endsAtMonotonicMs + lateMs - now.monotonicMs;
    if (freeInMs > 0) {
      answer(null, freeInMs);
      return;
    }
    const epoch = Math.max(held?.epoch ?? 0, above) + 1;
    this.#pools.set(pool, {
      epoch,
      holder: node,
      endsAtMonotonicMs: now.monotonicMs + LEASE_DURATION_MS,
    });
    answer({ epoch }, 0);
  }

  renew(
    pool: string,
    node: NodeId,
    epoch: number,
    now: Instant,
    answer: (renewed: boolean) => void,
  ): void {
    this.#latestMonotonicMs = Math.max(this.#latestMonotonicMs, now.monotonicMs);
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
    if (held === undefined || held.holder !== node || held.epoch !== epoch) return;
    held.holder = null;
    held.endsAtMonotonicMs = Math.min(held.endsAtMonotonicMs, this.#latestMonotonicMs);
  }
}
