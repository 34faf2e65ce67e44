/** Networks from which an attacker floods the server, by the size of the attacker's range. */
export const SIEGE_NETWORKS = ['address', 'slash24', 'slash48'] as const;

export type SiegeNetwork = (typeof SIEGE_NETWORKS)[number];

/** Address of the listed proxy through which all clients of the scenario connect. */
export const PROXY = '127.0.0.1';

/**
 * Returns the address of an attacker's `index`-th client, for the proxy's header. The ranges
 * are publicly routed, because a server may assign documentation ranges to no network.
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
