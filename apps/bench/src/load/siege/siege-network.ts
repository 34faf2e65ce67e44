/** Networks from which an attacker besieges the server, by the range that they own. */
export const SIEGE_NETWORKS = ['address', 'slash24', 'slash48'] as const;

export type SiegeNetwork = (typeof SIEGE_NETWORKS)[number];

/** Address of the listed proxy from which all clients of the siege come. */
export const PROXY = '127.0.0.1';

/**
 * Returns the address of an attacker's `index`-th client, which only a header contains. The ranges
 * are routed ones, because a server may treat documentation ranges as no network.
 */
export function siegeAddress(network: SiegeNetwork, index: number): string {
  switch (network) {
    case 'address':
      return '11.77.77.7';
    case 'slash24':
      return `11.77.77.${1 + (index % 254)}`;
    case 'slash48':
      return `2620:77:77:${(index % 65_536).toString(16)}::1`;
  }
}

/** Returns the addresses of the `index`-th pair of users from other networks. */
export function elsewhere(index: number): readonly [string, string] {
  return [`12.${index}.1.1`, `13.${index}.1.1`];
}
