import type { Instant } from '@farandole/kernel/clock';
import type { NodeId } from '@farandole/kernel/id';

export interface LeaseGrant {
  /**
   * Fencing token: larger than that of every earlier grant of this pool. All messages of the holder
   * carry it; receivers ignore holders with a smaller one.
   */
  readonly epoch: number;
}

/**
 * At most one node at a time holds the lease of a pool, and only the holder writes the pool.
 * **Validity.** A grant lasts `LEASE_DURATION_MS` on the holder's monotonic clock, counted from the
 * *request*, so that a slow answer only shortens it. The holder stops at the end even if it hears
 * nothing. Clock drift and pauses can break this, so receivers also check the epoch.
 * **Answers.** Each request is answered once, inside the call or later, or never if the store is
 * unreachable. A holder ignores answers that it no longer needs.
 * **Restarts.** A store may lose its data, so the request includes the largest known epoch: the
 * granted one is larger than `above`.
 */
export interface PoolLease {
  /**
   * Requests the lease.
   * @param above the largest epoch of this pool that the node has seen, 0 for none
   * @param answer null while another node's grant is valid. A node with a valid grant gets a new
   * one with a larger epoch.
   */
  acquire(
    pool: string,
    node: NodeId,
    above: number,
    now: Instant,
    answer: (grant: LeaseGrant | null) => void,
  ): void;

  /**
   * Requests another `LEASE_DURATION_MS` under the same epoch.
   * @param answer false if that grant has ended or belongs to another node: use `acquire`
   */
  renew(
    pool: string,
    node: NodeId,
    epoch: number,
    now: Instant,
    answer: (renewed: boolean) => void,
  ): void;

  /** Ends the lease early, if the node holds it under that epoch. */
  release(pool: string, node: NodeId, epoch: number): void;
}
