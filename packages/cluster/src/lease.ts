import type { Instant } from '@farandole/kernel/clock';
import type { NodeId } from '@farandole/kernel/id';

/** What a node that holds a pool has been granted. */
export interface LeaseGrant {
  /**
   * The fencing token: larger than that of every earlier grant of this pool, whoever had it. All
   * that the holder says carries it, and whoever has heard a larger one turns a deaf ear.
   */
  readonly epoch: number;
}

/**
 * At most one node at a time holds the lease of a pool, and only the holder writes the pool.
 *
 * **Validity.** A grant lasts `LEASE_DURATION_MS`, counted by the holder from the moment when it
 * *asked*, by its monotonic clock: an answer that took long shortens a grant, never lengthens it.
 * A holder stops by itself when that time is over, whether or not it hears that it lost. That
 * alone keeps two writers apart only as well as clocks and pauses allow; the epoch does it for
 * certain, since whoever listens refuses the smaller one.
 *
 * **Answers.** Each request is answered exactly once, or never when the store is out of reach:
 * inside the call or later, but never after the request would be worth anything. An answer to a
 * request that the holder no longer cares about is ignored by the holder.
 *
 * **Restarts.** A store may forget (a cache holds nothing that can't be rebuilt), so the one who
 * asks says what it has seen: the grant's epoch is larger than `above` as well.
 */
export interface PoolLease {
  /**
   * Asks for the lease.
   *
   * @param above the largest epoch of this pool that the asking node has ever seen, 0 for none
   * @param answer null when another node's grant is still running. A node that asks while its own
   *   is running gets a new grant with a larger epoch.
   */
  acquire(
    pool: string,
    node: NodeId,
    above: number,
    now: Instant,
    answer: (grant: LeaseGrant | null) => void,
  ): void;

  /**
   * Asks for another `LEASE_DURATION_MS` under the same epoch.
   *
   * @param answer false when the grant of that epoch is over or somebody else's: whoever held it
   *   starts anew by `acquire`.
   */
  renew(
    pool: string,
    node: NodeId,
    epoch: number,
    now: Instant,
    answer: (renewed: boolean) => void,
  ): void;

  /** Gives the lease back early, if the node holds it under that epoch. */
  release(pool: string, node: NodeId, epoch: number): void;
}
