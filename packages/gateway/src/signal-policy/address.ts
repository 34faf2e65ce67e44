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

const IPV6_WORDS = 8;
const IPV4_CHARS_MAX = 15;
const GROUP_DIGITS_MAX = 4;
/** Codes of ASCII characters. `CASE_BIT` makes the code of a letter that of its small letter. */
const DOT = 0x2e;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const LETTER_A = 0x61;
const LETTER_F = 0x66;
const CASE_BIT = 0x20;

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
    // The parser accepts only the canonical text of an IPv4 address.
    return words === null ? null : { family: 4, words, text };
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

/** Reads four decimal numbers up to 255 without leading zeros, separated by dots. */
function parseIpv4(text: string): number[] | null {
  const { length } = text;
  if (length > IPV4_CHARS_MAX) return null;
  let high = 0;
  let low = 0;
  let octets = 0;
  let start = 0;
  let value = 0;
  for (let at = 0; at <= length; at++) {
    const code = at === length ? DOT : text.charCodeAt(at);
    if (code === DOT) {
      if (at === start || octets === 4) return null;
      if (octets < 2) high = 256 * high + value;
      else low = 256 * low + value;
      octets += 1;
      start = at + 1;
      value = 0;
      continue;
    }
    // Rejects a leading zero, because some parsers read it as octal.
    const isAmbiguous = at > start && value === 0;
    if (code < DIGIT_0 || code > DIGIT_9 || isAmbiguous) return null;
    value = 10 * value + code - DIGIT_0;
    if (value > 255) return null;
  }
  return octets === 4 ? [high, low] : null;
}

function parseIpv6(text: string): number[] | null {
  const gap = text.indexOf('::');
  if (gap === -1) {
    const words = parseGroups(text);
    return words?.length === IPV6_WORDS ? words : null;
  }
  const before = text.slice(0, gap);
  const head = parseGroups(before);
  // A second "::" is refused here, as an empty group.
  const tail = parseGroups(text.slice(gap + 2));
  if (head === null || tail === null) return null;
  // "::" replaces at least one group.
  if (head.length + tail.length >= IPV6_WORDS) return null;
  // Embedded dotted decimal must be at the end of an IPv6 address, so "192.0.2.1::" is invalid.
  if (before.includes('.')) return null;
  while (head.length + tail.length < IPV6_WORDS) head.push(0);
  for (const word of tail) head.push(word);
  return head;
}

/**
 * Returns the 16-bit words of IPv6 groups such as `a:b:c`. The last group may be dotted decimal.
 * Empty for an empty text.
 */
function parseGroups(text: string): number[] | null {
  const words: number[] = [];
  const { length } = text;
  for (let start = 0; start < length; ) {
    // More groups than an address has are refused before they are read.
    if (words.length === IPV6_WORDS) return null;
    const colon = text.indexOf(':', start);
    const end = colon === -1 ? length : colon;
    const word = parseGroup(text, start, end);
    if (word === null) {
      const ipv4Words = colon === -1 ? parseIpv4(text.slice(start)) : null;
      if (ipv4Words === null) return null;
      words.push(...ipv4Words);
    } else {
      words.push(word);
    }
    // A colon at the end would begin an empty group.
    if (colon === length - 1) return null;
    start = end + 1;
  }
  return words;
}

/** Reads one to four hexadecimal digits. */
function parseGroup(text: string, start: number, end: number): number | null {
  if (end === start || end - start > GROUP_DIGITS_MAX) return null;
  let word = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    const letter = code | CASE_BIT;
    if (code >= DIGIT_0 && code <= DIGIT_9) word = 16 * word + code - DIGIT_0;
    else if (letter >= LETTER_A && letter <= LETTER_F) word = 16 * word + letter - LETTER_A + 10;
    else return null;
  }
  return word;
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
  // A run of one zero group is written as 0, not as "::".
  if (runLength < 2) runStart = words.length;
  let text = '';
  for (let at = 0; at < words.length; at++) {
    if (at === runStart) {
      text += '::';
      at += runLength - 1;
    } else {
      const isFirst = at === 0 || at === runStart + runLength;
      text += `${isFirst ? '' : ':'}${(words[at] ?? 0).toString(16)}`;
    }
  }
  return { family: 6, words, text };
}
