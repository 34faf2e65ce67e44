/** Networks (/24) over which the clients are spread, round and round. */
const NETWORKS = 4_096;
const HOSTS = 250;

/**
 * The loopback address from which the `index`-th client comes. Neighbours come from different
 * networks, so that a crowd of some hundred thousand stays below every limit that a server sets for
 * one network, as shipped; and no address runs out of ports.
 */
export function sourceAddress(index: number): string {
  const network = index % NETWORKS;
  const host = 1 + (Math.floor(index / NETWORKS) % HOSTS);
  return `127.${16 + (network >> 8)}.${network & 0xff}.${host}`;
}

/**
 * The loopback address of the `index`-th attacker, up to 16,384: each has a network of its own, in
 * which no client is, so that no limit of a network holds any of them back.
 */
export function hostileAddress(index: number): string {
  return `127.${64 + ((index >> 8) & 63)}.${index & 0xff}.1`;
}

/** The addresses of the `index`-th pair that is measured, each alone in its network. */
export function canaryAddresses(index: number): readonly [string, string] {
  return [`127.200.${index}.1`, `127.201.${index}.1`];
}
