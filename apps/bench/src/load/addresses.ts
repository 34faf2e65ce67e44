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
