import { BlockList, isIP, isIPv6 } from 'node:net';

/**
 * What the peer may learn from a user's candidates. The oracle imports no code of the filter, so
 * that both can't share a bug.
 */
export interface Expectation {
  /** Whether any candidate may pass. */
  readonly candidates: boolean;
  /**
   * IP addresses allowed in host candidates. Null forbids all host candidates, even those with
   * mDNS names.
   */
  readonly hosts: readonly string[] | null;
  readonly srflx: boolean;
  readonly relays: readonly string[];
}

const UUID_V4_LOCAL =
  /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.local$/;
/**
 * Matches header extension lines. Extension names are the only allowed text that contains a dot.
 */
const EXTENSION =
  /^a=extmap:\d+(\/[a-z]+)? (urn:|https?:\/\/(www\.webrtc\.org|www\.ietf\.org|tools\.ietf\.org|aomediacodec\.github\.io)\/)/;
const NUMBER_PART = /^(0x[0-9a-f]+|[0-9]+)$/i;

/**
 * Each address family has a separate list, because a `BlockList` matches IPv4 addresses against
 * IPv4-mapped IPv6 blocks.
 */
const notGlobalIpv4 = new BlockList();
const notGlobalIpv6 = new BlockList();
for (const block of [
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24',
  '192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24',
  '224.0.0.0/4 240.0.0.0/4 ::/3 2001::/23 2001:db8::/32 2002::/16 3fff::/20 4000::/2 8000::/1',
].flatMap((line) => line.split(' '))) {
  const [base = '', bits = ''] = block.split('/');
  if (isIPv6(base)) notGlobalIpv6.addSubnet(base, Number(bits), 'ipv6');
  else notGlobalIpv4.addSubnet(base, Number(bits), 'ipv4');
}

function isGlobal(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !notGlobalIpv4.check(address, 'ipv4');
  return family === 6 && !notGlobalIpv6.check(address, 'ipv6');
}

/** Returns why a candidate line (without `a=`) must not pass, or null if it may pass. */
function faultOfCandidate(line: string, expected: Expectation): string | null {
  const shape =
    /^candidate:[1-9]\d? 1 udp [1-9]\d{0,9} (\S+) (\d+) typ (host|(?:srflx|relay)(?= raddr 0\.0\.0\.0 rport 0))( raddr 0\.0\.0\.0 rport 0)?( ufrag [A-Za-z0-9+/]{4,256})?( network-cost [1-9]\d{0,2})?$/;
  const [, address = '', port, type, related] = shape.exec(line) ?? [];
  if (type === undefined) return 'a candidate of another shape';
  if (Number(port) < 1024 || Number(port) > 65_535) return 'a port of a system service';
  if (type === 'host') {
    if (related !== undefined) return 'a related address of a host candidate';
    if (expected.hosts === null) return 'a host candidate';
    if (UUID_V4_LOCAL.test(address)) return null;
    return expected.hosts.includes(address) ? null : 'a foreign host address';
  }
  if (type === 'srflx') {
    if (!expected.srflx) return 'a server-reflexive candidate';
    return isGlobal(address) ? null : 'a server-reflexive address that is not global';
  }
  return expected.relays.includes(address) ? null : 'a foreign relay';
}

/** Whether a word could be read as an IP address in any notation, or as a host name. */
function isPlace(word: string): boolean {
  if (word.includes('.')) {
    const parts = word.split('.');
    return parts.every((part) => NUMBER_PART.test(part)) || /[a-z]/i.test(word);
  }
  // SDP writes "name:value" as one word, so the parts after the first and second colon are checked
  // too.
  const afterFirst = word.slice(word.indexOf(':') + 1);
  return [word, afterFirst, afterFirst.slice(afterFirst.indexOf(':') + 1)].some((part) =>
    isIPv6(part),
  );
}

/**
 * Returns each part of a text that must not appear. The list is empty if the text leaks nothing.
 */
export function findLeaks(text: string, expected: Expectation): readonly string[] {
  const leaks: string[] = [];
  const srflx = new Set<string>();
  let candidates = 0;
  for (const line of text.split('\r\n')) {
    const candidate = line.startsWith('a=candidate') ? line.slice(2) : line;
    if (candidate.startsWith('candidate')) {
      candidates += 1;
      const fault = expected.candidates ? faultOfCandidate(candidate, expected) : 'a candidate';
      if (fault !== null) leaks.push(`${fault}: ${line}`);
      const [, , , , address = '', , , type] = candidate.split(' ');
      if (type === 'srflx') srflx.add(address);
    } else if (line.startsWith('c=')) {
      if (line !== 'c=IN IP4 0.0.0.0') leaks.push(`a connection address: ${line}`);
    } else if (line.startsWith('o=')) {
      if (!/^o=- \d+ \d+ IN IP4 0\.0\.0\.0$/.test(line)) leaks.push(`an origin: ${line}`);
    } else if (line.startsWith('m=')) {
      if (!/^m=[a-z]+ [09] /.test(line)) leaks.push(`a port: ${line}`);
    } else if (!EXTENSION.test(line)) {
      for (const word of line.split(/[^0-9A-Za-z.:%_-]+/)) {
        if (isPlace(word)) leaks.push(`a place: ${line}`);
      }
    }
    if (/^a=(rtcp|remote-candidates|ice-lite|crypto|identity)\b(?!-)/.test(line)) {
      leaks.push(`an attribute with power: ${line}`);
    }
    if (/\bmsid\b/.test(line)) leaks.push(`the name of a track: ${line}`);
  }
  const families = [...srflx].map((address) => isIP(address));
  if (new Set(families).size < families.length) leaks.push('two server-reflexive of a family');
  if (candidates > 32) leaks.push('too many candidates');
  return leaks;
}

/**
 * Returns the media lines of a description that carry more than the call's mode allows. A line with
 * port 0 carries nothing, unless it waits to be bundled. The list is empty if all lines are allowed.
 */
export function findMediaAbove(text: string, kinds: readonly string[]): readonly string[] {
  const sections = text.split(/\r\n(?=m=)/).slice(1);
  return sections.flatMap((section) => {
    const [, kind = '', port] = /^m=([a-z]+) (\d+) /.exec(section) ?? [];
    const isLive = port !== '0' || /\r\na=bundle-only(\r\n|$)/.test(section);
    return isLive && !kinds.includes(kind) ? [section.slice(0, section.indexOf('\r\n'))] : [];
  });
}
