/** An address that a relay must refuse, and the reason. */
export interface ForbiddenPeer {
  readonly address: string;
  readonly what: string;
}

/**
 * Public addresses, and addresses of each special-purpose IPv4 block, including the block's first
 * and last one.
 */
const IPV4: readonly (readonly [what: string, ...addresses: string[]])[] = [
  ['public', '8.8.8.8', '1.1.1.1', '9.9.9.39', '9.9.9.41', '223.255.255.255'],
  ['no address', '0.0.0.0', '0.1.2.3', '0.255.255.255'],
  ['this machine', '127.0.0.1', '127.0.0.0', '127.8.9.10', '127.255.255.255'],
  ['a private network', '10.0.0.0', '10.0.0.7', '10.255.255.255'],
  ['a private network', '172.16.0.0', '172.16.5.0', '172.31.255.255'],
  ['a private network', '192.168.0.0', '192.168.1.1', '192.168.255.255'],
  ['behind a carrier', '100.64.0.0', '100.100.100.200', '100.127.255.255'],
  ['on this link', '169.254.0.0', '169.254.255.255'],
  ['the metadata of a cloud', '169.254.169.254', '169.254.170.2'],
  ['a protocol of the IETF', '192.0.0.0', '192.0.0.192', '192.0.0.255'],
  ['documentation', '192.0.2.0', '192.0.2.255', '198.51.100.0', '198.51.100.255'],
  ['documentation', '203.0.113.0', '203.0.113.255'],
  ['the former 6to4 relays', '192.88.99.0', '192.88.99.1', '192.88.99.255'],
  ['a benchmark', '198.18.0.0', '198.19.255.255'],
  ['many at once', '224.0.0.1', '224.0.0.251', '239.255.255.250'],
  ['reserved', '240.0.0.1', '255.255.255.254'],
  ['everybody on this link', '255.255.255.255'],
];

const IPV6: readonly (readonly [what: string, ...addresses: string[]])[] = [
  ['public', '2a00:9::41', '2606:4700:4700::1111'],
  ['no address', '::'],
  ['this machine', '::1'],
  ['IPv4, in the deprecated way', '::127.0.0.1', '::10.0.0.0', '::169.254.0.0', '::127.0.0.0'],
  ['IPv4, by SIIT', '::ffff:0:127.0.0.1', '::ffff:0:10.0.0.0'],
  ['IPv4, by NAT64', '64:ff9b::7f00:1', '64:ff9b::a9fe:a9fe', '64:ff9b::a00:0', '64:ff9b::'],
  ['IPv4, by NAT64 of one network', '64:ff9b:1::a00:7', '64:ff9b:1:ffff::'],
  ['nowhere', '100::', '100::1', '100:0:0:1::1'],
  ['Teredo', '2001::', '2001::1', '2001:0:7f00:1::1'],
  ['protocols of the IETF', '2001:2::1', '2001:10::1', '2001:20::', '2001:1ff:ffff::1'],
  ['documentation', '2001:db8::', '2001:db8::1', '3fff::', '3fff::1', '3fff:fff:ffff::1'],
  ['IPv4, by 6to4', '2002:7f00:1::', '2002:a9fe:a9fe::1', '2002:a00:7::', '2002:ffff:ffff::1'],
  ['segments of routing', '5f00::', '5f00::1'],
  ['a private network', 'fc00::', 'fc00::1', 'fd00::7', 'fd00:ec2::254', 'fdff:ffff::1'],
  ['on this link', 'fe80::', 'fe80::1', 'febf::1'],
  ['a site, in the deprecated way', 'fec0::', 'fec0::1', 'feff::1'],
  ['reserved', '1::', '4000::1', '8000::', 'e000::1', 'fe00::1'],
  ['many at once', 'ff02::1', 'ff05::1', 'ff0e::1'],
];

const list = (
  groups: readonly (readonly [what: string, ...addresses: string[]])[],
): readonly ForbiddenPeer[] =>
  groups.flatMap(([what, ...addresses]) => addresses.map((address) => ({ address, what })));

export const FORBIDDEN_IPV4_PEERS = list(IPV4);

/**
 * IPv6 addresses that a relay must refuse. They include IPv4-mapped ones, which old coturn
 * versions don't treat as IPv4 (CVE-2026-27624).
 */
export const FORBIDDEN_IPV6_PEERS: readonly ForbiddenPeer[] = [
  ...list(IPV6),
  ...FORBIDDEN_IPV4_PEERS.map(({ address, what }) => ({
    address: `::ffff:${address}`,
    what: `${what}, mapped`,
  })),
];
