import { randomBytes } from 'node:crypto';

/** Addresses in the tests' networks that the tested page must never contact. */
export const HONEY_ADDRESSES = {
  own: ['127.0.0.1', '127.8.9.10', '::1'],
  /**
   * Addresses outside the user's home network that the home can reach: private networks, a
   * metadata service, servers.
   */
  further: [
    '10.0.0.7',
    '172.16.5.1',
    '192.168.7.2',
    '100.64.0.7',
    '169.254.169.254',
    '198.51.100.9',
    '9.9.9.9',
    '9.9.9.10',
    'fd00::2',
    '2a00::1',
    '2a00::2',
  ],
} as const;

export const HONEY_PORTS = [5_000, 80] as const;

/** The forbidden addresses in every notation that some parser accepts, and host names. */
const PLACES: readonly string[] = [
  ...HONEY_ADDRESSES.own,
  ...HONEY_ADDRESSES.further,
  '0.0.0.0',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:192.168.7.2',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  'FD00:0:0::2',
  '2A00:0::2',
  '[::1]',
  '127.1',
  '0x7f000001',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '2130706433',
  '127.0.0.1:5000',
  'localhost',
  'printer.local',
  'victim.example.org',
  '5b266e35-1796-114f-ab13-f3c5485f10cb.local',
];

/** Parts of the stranger's host names. No DNS query may contain any of them. */
export const HONEY_NAMES = ['printer', 'victim', '5b266e35'] as const;

const TYPES = ['host', 'srflx raddr 0.0.0.0 rport 0', 'relay raddr 0.0.0.0 rport 0', 'prflx'];
const [HIGH_PORT, LOW_PORT] = HONEY_PORTS;

/**
 * Candidates with every address, both transports and every type, and once with a service's port.
 * The list is short enough for a page to get all of it before the page gives up.
 */
export const HOSTILE_CANDIDATES: readonly string[] = PLACES.flatMap((place, i) => [
  ...TYPES.flatMap((type) => [
    `candidate:${i} 1 udp 2122063615 ${place} ${HIGH_PORT} typ ${type}`,
    `candidate:${i} 1 tcp 1518280447 ${place} ${HIGH_PORT} typ ${type} tcptype passive`,
  ]),
  `candidate:${i} 1 udp 2122063615 ${place} ${LOW_PORT} typ host`,
]);

/** SDP lines other than candidates, each with an address. */
const SESSION_LINES = ['a=ice-lite', 'a=candidate:1 1 udp 1 10.0.0.7 5000 typ host'];
const MEDIA_LINES = [
  'c=IN IP4 192.168.7.2',
  'c=IN IP6 fd00::2',
  'a=rtcp:5000 IN IP4 169.254.169.254',
  'a=remote-candidates:1 10.0.0.7 5000',
  'a=source-filter: incl IN IP4 * 192.168.7.2',
  'a=x-google-place:9.9.9.9',
];

/** ICE credentials of a peer that doesn't exist. */
export interface Credentials {
  readonly ufrag: string;
  readonly password: string;
  readonly fingerprint: string;
}

export function newCredentials(): Credentials {
  const digest = randomBytes(32).toString('hex').toUpperCase().match(/../g) ?? [];
  return {
    ufrag: randomBytes(4).toString('hex'),
    password: randomBytes(16).toString('hex'),
    fingerprint: `sha-256 ${digest.join(':')}`,
  };
}

/**
 * Builds an answer or a later offer from a browser's offer, with hostile addresses in every
 * field.
 * @param setup `active` for an answer, `actpass` for an offer
 * @param candidates lines without `a=`, which go into the first media section
 */
export function hostileDescription(
  offer: string,
  { ufrag, password, fingerprint }: Credentials,
  setup: 'active' | 'actpass',
  candidates: readonly string[],
): string {
  let media = 0;
  const written = offer.split('\r\n').flatMap((line) => {
    if (line.startsWith('m=')) {
      media += 1;
      const named = line.replace(/^(m=\w+) 9 /, '$1 5000 ');
      if (media > 1) return [named];
      // The session section of an SDP ends where its first media section begins.
      return [...SESSION_LINES, named, ...MEDIA_LINES, ...candidates.map((one) => `a=${one}`)];
    }
    if (line.startsWith('t=')) return ['c=IN IP4 10.0.0.7', line];
    if (line.startsWith('o=')) return ['o=10.0.0.7 7 7 IN IP4 10.0.0.7'];
    if (line.startsWith('a=ice-ufrag:')) return [`a=ice-ufrag:${ufrag}`];
    if (line.startsWith('a=ice-pwd:')) return [`a=ice-pwd:${password}`];
    if (line.startsWith('a=fingerprint:')) return [`a=fingerprint:${fingerprint}`];
    if (line.startsWith('a=setup:')) return [`a=setup:${setup}`];
    return /^(?:c=|a=(?:candidate|end-of-candidates|ssrc|msid))/.test(line) ? [] : [line];
  });
  return written.join('\r\n');
}

export function floodOfMedia(description: string): string {
  const medium = 'm=audio 5000 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 10.0.0.7\r\n';
  return description.slice(0, description.indexOf('m=')) + medium.repeat(60);
}
