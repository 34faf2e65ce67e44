const NETWORKS = 4_096;
const HOSTS = 250;

/**
 * Loopback address of the `index`-th client. Neighbours come from different networks, so 100,000s
 * of clients stay below the default limits per network, and no address runs out of ports.
 */
export function sourceAddress(index: number): string {
  const network = index % NETWORKS;
  const host = 1 + (Math.floor(index / NETWORKS) % HOSTS);
  return `127.${16 + (network >> 8)}.${network & 0xff}.${host}`;
}

/**
 * Loopback address of the `index`-th attacker, up to 16,384. Each has a separate network without
 * clients, so no limit per network slows them down.
 */
export function hostileAddress(index: number): string {
  return `127.${64 + ((index >> 8) & 63)}.${index & 0xff}.1`;
}

export function canaryAddresses(index: number): readonly [string, string] {
  return [`127.200.${index}.1`, `127.201.${index}.1`];
}
