export interface IpAddress {
  readonly family: 4 | 6;
  /** The address as 16-bit words, most significant first: two for IPv4, eight for IPv6. */
  readonly words: readonly number[];
  /**
   * The address as text: dotted decimal, or the canonical IPv6 form of RFC 5952. Equal addresses
   * have equal texts.
   */
  readonly text: string;
}

const OCTET = /^[0-9]{1,3}$/;
const GROUP = /^[0-9a-fA-F]{1,4}$/;
const IPV6_WORDS = 8;

/**
 * Parses an IP address by RFC 3986 and RFC 4291. Rejects the `inet_aton` forms (`127.1`,
 * `0x7f000001`, `0177.0.0.1`), brackets, ports and zones (`fe80::1%eth0`), because a text that
 * the filter and the socket parse differently is a security hole. An IPv4-mapped address
 * (`::ffff:192.0.2.1`) becomes its IPv4 address, as in a socket.
 * @returns null for an invalid address
 */
export function parseIpAddress(text: string): IpAddress | null {
  if (!text.includes(':')) {
    const words = parseIpv4(text);
    return words === null ? null : ipv4(words);
  }
  const words = parseIpv6(text);
  if (words === null) return null;
  return isIpv4Mapped(words) ? ipv4(words.slice(6)) : ipv6(words);
}

export function canonicalAddresses(texts: readonly string[]): ReadonlySet<string> {
  const canonical = new Set<string>();
  for (const text of texts) {
    const address = parseIpAddress(text);
    if (address !== null) canonical.add(address.text);
  }
  return canonical;
}

function parseIpv4(text: string): number[] | null {
  const octets = text.split('.', 5);
  if (octets.length !== 4) return null;
  const values: number[] = [];
  for (const octet of octets) {
    const value = Number(octet);
    // Rejects a leading zero, because some parsers read it as octal.
    const isAmbiguous = octet.length > 1 && octet.startsWith('0');
    if (!OCTET.test(octet) || isAmbiguous || value > 255) return null;
    values.push(value);
  }
  const [a = 0, b = 0, c = 0, d = 0] = values;
  return [a * 256 + b, c * 256 + d];
}

function parseIpv6(text: string): number[] | null {
  const halves = text.split('::', 3);
  const head = parseGroups(halves[0] ?? '');
  const tail = parseGroups(halves[1] ?? '');
  if (head === null || tail === null) return null;
  const missing = IPV6_WORDS - head.length - tail.length;
  if (halves.length === 1) return missing === 0 ? head : null;
  // In an IPv6 address, "::" may occur once and replaces at least one group.
  if (halves.length === 3 || missing < 1) return null;
  // Embedded dotted decimal must be at the end of an IPv6 address, so "192.0.2.1::" is invalid.
  if ((halves[0] ?? '').includes('.')) return null;
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

/**
 * Returns the 16-bit words of IPv6 groups such as `a:b:c`. The last group may be dotted decimal.
 * Empty for an empty text.
 */
function parseGroups(text: string): number[] | null {
  if (text === '') return [];
  const groups = text.split(':', IPV6_WORDS + 1);
  const words: number[] = [];
  for (const [index, group] of groups.entries()) {
    if (GROUP.test(group)) {
      words.push(Number.parseInt(group, 16));
      continue;
    }
    const ipv4Words = index === groups.length - 1 ? parseIpv4(group) : null;
    if (ipv4Words === null) return null;
    words.push(...ipv4Words);
  }
  return words;
}

/** Tests for the block `::ffff:0:0/96` (RFC 4291, section 2.5.5.2). */
function isIpv4Mapped(words: readonly number[]): boolean {
  return words[5] === 0xffff && words.slice(0, 5).every((word) => word === 0);
}

function ipv4(words: readonly number[]): IpAddress {
  const text = words.flatMap((word) => [word >> 8, word & 0xff]).join('.');
  return { family: 4, words, text };
}

/**
 * Writes an IPv6 address by RFC 5952, section 4: lower case, no leading zeros, and `::` for the
 * first of the longest runs of zero groups.
 */
function ipv6(words: readonly number[]): IpAddress {
  let runStart = 0;
  let runLength = 0;
  for (let start = 0; start < words.length; start++) {
    let end = start;
    while (words[end] === 0) end++;
    if (end - start > runLength) {
      runStart = start;
      runLength = end - start;
    }
  }
  const write = (part: readonly number[]): string =>
    part.map((word) => word.toString(16)).join(':');
  // A run of one zero group is written as 0, not as "::".
  const text =
    runLength < 2
      ? write(words)
      : `${write(words.slice(0, runStart))}::${write(words.slice(runStart + runLength))}`;
  return { family: 6, words, text };
}
