import type { AnchorHash } from '../ids.ts';
import { CLEAN_NETWORK_MS, CLEAN_NETWORKS_MAX } from '../limits.ts';

/** Network of the other user in a call that counted as an unreported session. */
export interface CleanNetwork {
  readonly network: AnchorHash;
  readonly atMs: number;
}

/**
 * Adds the network of the call's other user. Returns null if the call doesn't count: both users had
 * the same network, a network is unknown, or a call with the other network already counted within
 * `CLEAN_NETWORK_MS`, or `CLEAN_NETWORKS_MAX` calls did. Otherwise one person's cookies could earn
 * trust by calling each other.
 */
export function afterCleanCall(
  before: readonly CleanNetwork[],
  call: { readonly network: AnchorHash | null; readonly otherNetwork: AnchorHash | null },
  nowMs: number,
): readonly CleanNetwork[] | null {
  const { network, otherNetwork } = call;
  if (network === null || otherNetwork === null || network === otherNetwork) return null;
  const kept = before.filter(({ atMs }) => nowMs - atMs < CLEAN_NETWORK_MS);
  if (kept.length >= CLEAN_NETWORKS_MAX) return null;
  if (kept.some((one) => one.network === otherNetwork)) return null;
  return [...kept, { network: otherNetwork, atMs: nowMs }];
}
