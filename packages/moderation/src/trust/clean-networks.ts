import type { AnchorHash } from '../ids.ts';
import { CLEAN_NETWORK_MS, CLEAN_NETWORKS_MAX } from '../limits.ts';

/** The network of the other user of a call that counted as a session without a report. */
export interface CleanNetwork {
  readonly network: AnchorHash;
  readonly atMs: number;
}

/**
 * Adds the call's other network. Returns null if the call doesn't count: it was within one network
 * or an unknown one, or a call with that network counted within `CLEAN_NETWORK_MS`. Otherwise one
 * person's cookies could earn trust by calling each other.
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
