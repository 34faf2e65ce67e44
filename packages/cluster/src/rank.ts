import type { NodeId } from '@farandole/kernel/id';

/**
 * Returns the place of a node among the nodes that may write a pool, from 0, by rendezvous hashing.
 * Each pool orders the nodes differently, so the pools spread over the nodes. A node that comes or
 * goes changes the place of others by at most one.
 */
export function rankOf(pool: string, node: NodeId, candidates: Iterable<NodeId>): number {
  const own = weightOf(pool, node);
  let rank = 0;
  for (const other of candidates) {
    const weight = weightOf(pool, other);
    if (weight > own || (weight === own && other > node)) rank += 1;
  }
  return rank;
}

/** FNV-1a with the final mix of MurmurHash3, because FNV-1a alone orders similar names alike. */
function weightOf(pool: string, node: NodeId): number {
  let hash = 0x811c9dc5;
  for (const unit of `${pool}/${node}`) {
    hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
