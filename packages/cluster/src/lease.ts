import type { Instant } from '@farandole/kernel/clock';
import type { NodeId } from '@farandole/kernel/id';

export interface LeaseGrant {
  /**
   * Fencing token, larger than the epoch of every earlier grant of this pool. The holder sends
   * it with each message. Receivers ignore messages with a smaller epoch than they have seen.
   */
  readonly epoch: number;
}

export interface LeaseRequest {
  readonly pool: string;
  readonly node: NodeId;
  /** Largest epoch number of this pool that the node has seen, 0 for none. */
  readonly above: number;
  /**
   * Time in ms for which the lease must have been free. Nodes with different values don't compete
   * for a lease that becomes free.
   */
  readonly lateMs: number;
}

/**
 * Receives the grant, or null and the time in ms after which this request could get the lease if
 * nobody renews it.
 */
export type LeaseAnswer = (grant: LeaseGrant | null, freeInMs: number) => void;

/**
 * A lease that at most one node holds at a time. Only the holder writes the pool.
 * **Validity.** A grant lasts `LEASE_DURATION_MS` on the holder's monotonic clock, counted from the
 * *request*, so a slow answer shortens the grant and never extends it. The holder stops writing when
 * the grant ends, even without an answer to its renewal. Clock drift or a paused process can violate
 * this, so receivers also check the epoch.
 * **Answers.** Each request is answered at most once, inside the call or later. It is never answered
 * if the lease's store is unreachable. A holder ignores answers that it no longer needs.
 * **Restarts.** The lease's store may lose its data. Each request therefore includes the largest
 * epoch that the node has seen, and the granted epoch is larger.
 */
export interface PoolLease {
  /**
   * Requests the lease. The answer is null while another node's grant is valid, and for `lateMs`
   * after it. A node that already has a valid grant gets a new one with a larger epoch.
   */
  acquire(request: LeaseRequest, now: Instant, answer: LeaseAnswer): void;

  /**
   * Requests to extend a grant by another `LEASE_DURATION_MS` under the same epoch.
   * @param answer receives false if the grant has ended or belongs to another node. The caller must
   * then use `acquire`.
   */
  renew(
    pool: string,
    node: NodeId,
    epoch: number,
    now: Instant,
    answer: (renewed: boolean) => void,
  ): void;

  /** Ends the lease early. Does nothing if the node doesn't hold the lease under this epoch. */
  release(pool: string, node: NodeId, epoch: number): void;
}
