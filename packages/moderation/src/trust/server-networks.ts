import { NETWORKS_SEEN_MS, NETWORKS_SEEN_READ_MAX, SERVER_NETWORKS_MIN } from '../limits.ts';
import type { Records } from '../store/records.ts';
import { isOfNetwork } from './networks.ts';

/**
 * Returns whether this server's users come from few networks, as in a school, on a campus, in a
 * LAN or on one machine. If so, networks don't distinguish users, and software neither restricts
 * nor suspends anyone.
 */
export async function hasFewNetworks(records: Records, nowMs: number): Promise<boolean> {
  const seen = new Set<string>();
  const lately = { atMs: { from: nowMs - NETWORKS_SEEN_MS } };
  // Reads from both ends, so that a flood of users from one network can't hide other networks.
  for (const newestFirst of [true, false]) {
    for (const limit of [50, NETWORKS_SEEN_READ_MAX]) {
      const rows = await records.anchors.find(lately, { limit, newestFirst });
      for (const { network } of rows.filter(isOfNetwork)) seen.add(network);
      if (seen.size >= SERVER_NETWORKS_MIN) return false;
      if (rows.length < limit) return true;
    }
  }
  return true;
}
