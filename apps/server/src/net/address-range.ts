import { type IpAddress, parseIpAddress } from '@farandole/gateway/signal-policy/address';

export interface AddressRange {
  readonly family: 4 | 6;
  /** The address as 16-bit words, like in `IpAddress`. Bits after the prefix are ignored. */
  readonly words: readonly number[];
  readonly prefixBits: number;
  /** The address range as the operator wrote it. */
  readonly text: string;
}

const BITS = { 4: 32, 6: 128 } as const;
const CIDR_BITS = /^(?:0|[1-9][0-9]{0,2})$/;

/**
 * Parses an address range such as `192.0.2.7`, `10.0.0.0/8` or `fd00::/8`. Returns null for any
 * other text.
 */
export function parseAddressRange(text: string): AddressRange | null {
  const [base = '', bits, ...rest] = text.split('/');
  const address = parseIpAddress(base);
  if (address === null || rest.length > 0) return null;
  const { family, words } = address;
  if (bits === undefined) return { family, words, prefixBits: BITS[family], text };
  // An address such as `::ffff:10.0.0.0/104` is refused, because it would parse as IPv4 with an
  // IPv6 prefix length.
  if (!CIDR_BITS.test(bits) || Number(bits) > BITS[family] || (family === 4 && base.includes(':')))
    return null;
  return { family, words, prefixBits: Number(bits), text };
}

export function isInRange(address: IpAddress, range: AddressRange): boolean {
  if (address.family !== range.family) return false;
  return range.words.every((word, index) => {
    const mask = maskOfWord(range.prefixBits, index);
    return ((address.words[index] ?? 0) & mask) === (word & mask);
  });
}

export function isLoopback(address: IpAddress): boolean {
  return address.family === 4 ? (address.words[0] ?? 0) >> 8 === 127 : address.text === '::1';
}

/**
 * Returns the network for which an address's connections are counted. It is the /24 of an IPv4
 * address, and the /56 of an IPv6 address, which is the usual allocation of a household (RIPE-690).
 */
export function networkOf(address: IpAddress): string {
  return prefixOf(address, address.family === 4 ? 24 : 56);
}

/** Returns a text that is equal for all addresses with the same first `bits` bits. */
export function prefixOf({ words }: Pick<IpAddress, 'words'>, bits: number): string {
  return words.map((word, index) => (word & maskOfWord(bits, index)).toString(16)).join(':');
}

/**
 * Returns the mask that selects the bits of a prefix in the `index`-th 16-bit word of an address.
 */
function maskOfWord(prefixBits: number, index: number): number {
  const bits = Math.max(0, Math.min(16, prefixBits - 16 * index));
  return (0xffff << (16 - bits)) & 0xffff;
}
