const NETWORKS = 4_096;
const HOSTS = 250;

/**
 * Returns the loopback address of the `index`-th client. Consecutive clients get different
 * networks, so that hundreds of thousands of clients stay below the default limits per network
 * and no address runs out of ports.
 */
export function sourceAddress(index: number): string {
  const network = index % NETWORKS;
  const host = 1 + (Math.floor(index / NETWORKS) % HOSTS);
  return `127.${16 + (network >> 8)}.${network & 0xff}.${host}`;
}

/**
 * Returns the loopback address of the `index`-th attacker, up to 16,384. Each attacker has a
 * network without other clients, so that no limit per network slows the attack.
 */
export function hostileAddress(index: number): string {
  return `127.${64 + ((index >> 8) & 63)}.${index & 0xff}.1`;
}

/** Returns the headers that a listed proxy adds to a client's request; none for a null client. */
export function proxyHeaders(client: string | null): Readonly<Record<string, string>> {
  return client === null ? {} : { 'X-Forwarded-For': client, 'X-Forwarded-Proto': 'https' };
}

export function headerLines(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
}

export function canaryAddresses(index: number): readonly [string, string] {
  return [`127.200.${index}.1`, `127.201.${index}.1`];
}
