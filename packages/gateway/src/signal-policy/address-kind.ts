import { assertDefined } from '@farandole/kernel/assert';
import type { IpAddress } from './address.ts';
import { parseIpAddress } from './address.ts';

/** Kinds of IP addresses. Only a `global` address can belong to a stranger on the internet. */
export type AddressKind =
  | 'global'
  | 'unspecified'
  | 'loopback'
  | 'private'
  | 'shared'
  | 'link-local'
  | 'multicast'
  | 'documentation'
  | 'benchmarking'
  /**
   * An IPv6 address with an embedded IPv4 address. A network translator would deliver packets to
   * the embedded address.
   */
  | 'translated'
  /**
   * The anycast address of a service such as TURN or AS112. Such an address never belongs to a
   * user.
   */
  | 'service'
  | 'reserved';

/**
 * Special address blocks: the IANA special-purpose registries (RFC 6890, RFC 8190), multicast,
 * and everything outside global unicast. A listed block's sub-blocks are omitted if no user can
 * have an address in them. `::ffff:0:0/96` is omitted, because the parser turns these addresses
 * into IPv4.
 */
const SPECIAL_BLOCKS: readonly (readonly [block: string, kind: AddressKind, source: string])[] = [
  ['0.0.0.0/8', 'unspecified', 'RFC 791, section 3.2'],
  ['10.0.0.0/8', 'private', 'RFC 1918'],
  ['100.64.0.0/10', 'shared', 'RFC 6598, carrier-grade NAT'],
  ['127.0.0.0/8', 'loopback', 'RFC 1122, section 3.2.1.3'],
  ['169.254.0.0/16', 'link-local', 'RFC 3927; the clouds keep their metadata services here'],
  ['172.16.0.0/12', 'private', 'RFC 1918'],
  ['192.0.0.0/24', 'reserved', 'RFC 6890, section 2.1; with RFC 7335, 7723 and 8155'],
  ['192.0.2.0/24', 'documentation', 'RFC 5737, TEST-NET-1'],
  ['192.31.196.0/24', 'service', 'RFC 7535, AS112'],
  ['192.52.193.0/24', 'service', 'RFC 7450, AMT'],
  ['192.88.99.0/24', 'service', 'RFC 7526, the former 6to4 relays'],
  ['192.168.0.0/16', 'private', 'RFC 1918'],
  ['192.175.48.0/24', 'service', 'RFC 7534, AS112'],
  ['198.18.0.0/15', 'benchmarking', 'RFC 2544'],
  ['198.51.100.0/24', 'documentation', 'RFC 5737, TEST-NET-2'],
  ['203.0.113.0/24', 'documentation', 'RFC 5737, TEST-NET-3'],
  ['224.0.0.0/4', 'multicast', 'RFC 5771'],
  ['240.0.0.0/4', 'reserved', 'RFC 1112, section 4; with the broadcast address of RFC 919'],
  ['::/128', 'unspecified', 'RFC 4291, section 2.5.2'],
  ['::1/128', 'loopback', 'RFC 4291, section 2.5.3'],
  ['64:ff9b::/96', 'translated', 'RFC 6052, NAT64'],
  ['64:ff9b:1::/48', 'translated', 'RFC 8215, NAT64 inside one network'],
  ['2001::/23', 'reserved', 'RFC 2928; with Teredo, ORCHID, AMT, AS112 and benchmarking in it'],
  ['2001:db8::/32', 'documentation', 'RFC 3849'],
  ['2002::/16', 'translated', 'RFC 3056, 6to4'],
  ['2620:4f:8000::/48', 'service', 'RFC 7534, AS112'],
  ['3fff::/20', 'documentation', 'RFC 9637'],
  ['fc00::/7', 'private', 'RFC 4193, unique local'],
  ['fe80::/10', 'link-local', 'RFC 4291, section 2.5.6'],
  ['ff00::/8', 'multicast', 'RFC 4291, section 2.7'],
];

/** The only block from which IANA assigns global unicast addresses (RFC 4291, section 2.4). */
const IPV6_GLOBAL_UNICAST = '2000::/3';

interface Block {
  readonly family: 4 | 6;
  readonly words: readonly number[];
  /** Bits of the prefix in each word. Words without any are left out. */
  readonly masks: readonly number[];
}

const specialBlocks = SPECIAL_BLOCKS.map(([block, kind]) => ({ block: parseBlock(block), kind }));
const ipv6GlobalUnicast = parseBlock(IPV6_GLOBAL_UNICAST);

/** Returns the kind of an address. An IPv6 address outside all known blocks is `reserved`. */
export function classifyAddress(address: IpAddress): AddressKind {
  for (const { block, kind } of specialBlocks) if (isInBlock(address, block)) return kind;
  return address.family === 4 || isInBlock(address, ipv6GlobalUnicast) ? 'global' : 'reserved';
}

function parseBlock(text: string): Block {
  const [base = '', prefixBits = ''] = text.split('/');
  const address = assertDefined(parseIpAddress(base), `not an address block: ${text}`);
  const masks: number[] = [];
  for (let bits = Number(prefixBits); bits > 0; bits -= 16) {
    masks.push((0xffff << (16 - Math.min(16, bits))) & 0xffff);
  }
  return { family: address.family, words: address.words, masks };
}

function isInBlock({ family, words }: IpAddress, block: Block): boolean {
  if (family !== block.family) return false;
  for (let index = 0; index < block.masks.length; index++) {
    const differing = (words[index] ?? 0) ^ (block.words[index] ?? 0);
    if ((differing & (block.masks[index] ?? 0)) !== 0) return false;
  }
  return true;
}
