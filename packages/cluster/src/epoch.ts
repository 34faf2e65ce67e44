import type { NodeId } from '@farandole/kernel/id';

/**
 * Identifies one writer of a pool. The lease's number alone isn't enough, because a lease store
 * that lost writes can grant one number twice.
 */
export interface Epoch {
  /** Number of the lease grant. */
  readonly number: number;
  /** Node that holds the grant. A node has a new name after each start. */
  readonly writer: NodeId;
}

/** Returns a negative number if `a` is the earlier epoch, 0 if both are the same. */
export function compareEpochs(a: Epoch, b: Epoch): number {
  if (a.number !== b.number) return a.number - b.number;
  if (a.writer === b.writer) return 0;
  return a.writer < b.writer ? -1 : 1;
}
