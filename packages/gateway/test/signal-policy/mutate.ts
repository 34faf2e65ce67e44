import type { Prng } from '@farandole/kernel/prng';
import { SDP_FIXTURES } from './fixtures.ts';

/** Addresses of this machine, of users, of relays and of strangers, in every accepted notation. */
const PLACES: readonly string[] = [
  ['198.51.100.9', '::ffff:198.51.100.9', '198.51.100.77', '10.0.0.7', '127.0.0.1', '192.0.2.2'],
  ['169.254.169.254', '192.168.1.77', '100.64.0.7', '0.0.0.0', '203.0.113.40', '203.0.113.41'],
  ['9.9.9.9', '9.9.9.10', '2a00::1', '2A00:0::2', '::1', 'fd00::2', 'FD00:0:0::2', '2001:db8::7'],
  ['::ffff:127.0.0.1', '::ffff:7f00:1', '64:ff9b::7f00:1', '2002:7f00:1::', '::ffff:192.0.2.2'],
  ['fe80::1%eth0', '[::1]', '127.1', '0x7f000001', '0x7f.0.0.1', '0177.0.0.1', '2130706433'],
  ['127.0.0.1:80', 'localhost', 'printer.local', 'victim.example.org'],
  ['5b266e35-1796-414f-ab13-f3c5485f10cb.local', '5B266E35-1796-414F-AB13-F3C5485F10CB.LOCAL'],
  ['5b266e35-1796-114f-ab13-f3c5485f10cb.local'],
].flat();

/**
 * Addresses that some policy allows. They are chosen more often than others, so that many
 * candidates pass.
 */
const LIKELY_PLACES: readonly string[] = [
  ['198.51.100.9', '203.0.113.40', '9.9.9.9', '9.9.9.10', '2a00::1', '192.0.2.2', 'fd00::2'],
  ['::ffff:198.51.100.9', '5b266e35-1796-414f-ab13-f3c5485f10cb.local'],
].flat();

/** Possible values of a field: those that browsers send, and those that only an attacker sends. */
interface Choice {
  readonly usual: readonly string[];
  readonly odd: readonly string[];
}

const FOUNDATIONS: Choice = {
  usual: ['1', '2', '3423308526', 'C0A80114', '+/'],
  odd: ['', 'a.b', '127.0.0.1', '::1'],
};
const COMPONENTS: Choice = { usual: ['1'], odd: ['2', '0', '257', 'x', '01'] };
const TRANSPORTS: Choice = { usual: ['udp', 'UDP'], odd: ['tcp', 'TCP', 'udp6', 'ssltcp'] };
const PRIORITIES: Choice = { usual: ['1', '2122063615'], odd: ['2147483648', '-1', '0'] };
const PORTS: Choice = {
  usual: ['5000', '5001', '50000', '65535', '1024'],
  odd: ['1023', '80', '53', '9', '0', '65536', '05000'],
};
const TYPES: Choice = { usual: ['host', 'srflx', 'relay'], odd: ['prflx', 'x', 'HOST'] };
const ODD_CHANCE = 0.06;

const PAIRS: readonly ((place: string) => string)[] = [
  (place) => `raddr ${place} rport 5000`,
  (place) => `raddr ${place} rport 5000`,
  () => 'raddr 0.0.0.0 rport 0',
  () => 'generation 0',
  () => 'ufrag fKkB',
  (place) => `ufrag ${place}`,
  () => 'tcptype active',
  () => 'network-id 1 network-cost 50',
  () => 'network-cost 4026531841',
  (place) => `x-place ${place}`,
];

const LINES: readonly ((place: string) => string)[] = [
  (place) => `a=rtcp:9 IN IP4 ${place}`,
  (place) => `c=IN IP4 ${place}`,
  (place) => `c=IN IP6 ${place}`,
  (place) => `a=remote-candidates:1 ${place} 5000`,
  (place) => `a=source-filter: incl IN IP4 * ${place}`,
  (place) => `a=x-google-place:${place}`,
  (place) => `a=mid:${place}`,
  (place) => `a=msid:${place} ${place}`,
  (place) => `a=ssrc:1 cname:${place}`,
  (place) => `a=extmap:3 http://${place}/x`,
  (place) => `a=extmap:3 urn:3gpp:${place}`,
  (place) => `a=extmap:3 urn:ietf:params:rtp-hdrext:toffset ${place}`,
  (place) => `a=fmtp:96 apt=${place}`,
  (place) => `a=fmtp:96 x-google-min-bitrate=90000;max-fs=${place}`,
  (place) => `a=rtcp-fb:96 nack ${place}`,
  (place) => `a=group:BUNDLE ${place}`,
  (place) => `a=msid-semantic: WMS ${place}`,
  (place) => `a=ice-options:trickle ${place}`,
  (place) => `a=simulcast:send ${place}`,
  (place) => `a=rid:${place} send`,
  (place) => `a=rtpmap:96 ${place}/90000`,
  (place) => `a=identity:${place}`,
  (place) => `a=fingerprint:sha-256 ${place}`,
  (place) => `o=${place} 1 2 IN IP4 ${place}`,
  (place) => `u=http://${place}/`,
  (place) => `b=AS:${place}`,
  (place) => place,
  () => 'a=ice-lite',
  () => 'a=end-of-candidates',
  () => 'm=application 5000 UDP/DTLS/SCTP webrtc-datachannel',
  () => 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x',
];

const CHARACTERS = [
  '\r',
  '\n',
  '\r\n',
  '\0',
  '\t',
  ' ',
  ':',
  '=',
  '\x85',
  '\u2028',
  'é',
  '.',
] as const;

/**
 * Builds a candidate line from randomly chosen valid and invalid fields. Many of these lines
 * pass the filter.
 */
export function hostileCandidate(prng: Prng): string {
  const place = (): string => prng.pick(prng.chance(0.6) ? LIKELY_PLACES : PLACES);
  const choose = ({ usual, odd }: Choice): string =>
    prng.pick(prng.chance(ODD_CHANCE) ? odd : usual);
  const fields = [
    `candidate:${choose(FOUNDATIONS)}`,
    choose(COMPONENTS),
    choose(TRANSPORTS),
    choose(PRIORITIES),
    place(),
    choose(PORTS),
    'typ',
    choose(TYPES),
  ];
  for (let pairs = prng.below(4); pairs > 0; pairs--) fields.push(prng.pick(PAIRS)(place()));
  if (prng.chance(0.05)) fields.splice(prng.below(fields.length), 1);
  if (prng.chance(0.05)) fields[prng.below(fields.length)] = place();
  const line = fields.join(' ');
  return prng.chance(0.05) ? insertCharacter(line, prng) : line;
}

export function hostileSdp(prng: Prng): {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
} {
  const { type, lines } = prng.pick(shortened);
  const mutated = [...lines];
  for (let changes = 1 + prng.below(6); changes > 0; changes--) mutateLines(mutated, prng);
  const sdp = `${mutated.join('\r\n')}\r\n`;
  return { type, sdp: prng.chance(0.05) ? insertCharacter(sdp, prng) : sdp };
}

/** Drops most media formats of the fixtures, because the formats are many and alike. */
const shortened = SDP_FIXTURES.map(({ type, sdp }) => {
  const seen = new Map<string, number>();
  const isKept = (line: string): boolean => {
    const kind = /^a=(rtpmap|fmtp|rtcp-fb|extmap):/.exec(line)?.[1];
    if (kind === undefined) return line !== '';
    const count = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, count);
    return count <= 4;
  };
  return { type, lines: sdp.split('\r\n').filter(isKept) };
});

function mutateLines(lines: string[], prng: Prng): void {
  const at = prng.below(lines.length);
  const line = lines[at] ?? '';
  const place = prng.pick(PLACES);
  const roll = prng.below(100);
  if (roll < 30) lines.splice(at, 0, `a=${hostileCandidate(prng)}`);
  else if (roll < 55) lines.splice(at, 0, prng.pick(LINES)(place));
  else if (roll < 70) lines[at] = replaceWord(line, place, prng);
  else if (roll < 75) lines.splice(at, 0, line);
  else if (roll < 80) lines.splice(at, 1 + prng.below(2));
  else if (roll < 84) lines[at] = prng.pick(prng.pick(shortened).lines);
  else if (roll < 88) lines[at] = `${line} ${place}`;
  else if (roll < 91) lines[at] = `${line}:${place}`;
  else if (roll < 94) lines[at] = prng.chance(0.5) ? line.toUpperCase() : line.toLowerCase();
  else if (roll < 97) lines[at] = line.slice(0, prng.below(line.length + 1));
  else lines[at] = line.replace('a=', `a=candidate:1 1 udp 1 ${place} 5000 typ host `);
}

function replaceWord(line: string, place: string, prng: Prng): string {
  const words = line.split(/([ :=;])/);
  words[prng.below(words.length)] = place;
  return words.join('');
}

function insertCharacter(text: string, prng: Prng): string {
  const at = prng.below(text.length + 1);
  return text.slice(0, at) + prng.pick(CHARACTERS) + text.slice(at);
}
