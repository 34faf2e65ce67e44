import { isIceText, isUfrag } from './candidate.ts';
import { ICE_PASSWORD_CHARS_MAX, ICE_PASSWORD_CHARS_MIN } from './limits.ts';

/** Reasons to refuse a whole description because an essential attribute is invalid. */
export type AttributeRefusal = 'bad-fingerprint' | 'bad-setup' | 'bad-ice-credentials';

/** How the filter validates and rewrites one SDP attribute, the part after `a=`. */
export interface AttributeRule {
  readonly level: 'session' | 'media' | 'both';
  /**
   * Returns the new value, `''` for an attribute without a value, or null to drop the attribute.
   */
  readonly rewrite: (value: string) => string | null;
  /**
   * If set, an invalid value refuses the whole description. Otherwise only the attribute is
   * dropped.
   */
  readonly refusal?: AttributeRefusal;
  /** Whether the filter needs the attribute's values besides writing them. */
  readonly isNoted?: boolean;
}

type Rewrite = AttributeRule['rewrite'];

// Characters of an attribute value. Dots and colons are allowed only at fixed positions of some
// attributes, so that no value can be read as an address or host name.
const WORD = /^[A-Za-z0-9_+/={}*~;,-]{1,128}$/;
const WORDS = /^[A-Za-z0-9_+/={}*~;,-]{1,128}(?: [A-Za-z0-9_+/={}*~;,-]{1,128})*$/;
const NUMBER = /^[0-9]{1,10}$/;
/** A number from 0 to 127 in one to ten digits. */
const PAYLOAD_TYPE = /^(?:0{0,9}[0-9]|0{0,8}[1-9][0-9]|0{0,7}1(?:[01][0-9]|2[0-7]))$/;
const FORMAT_RANGE = /^[0-9]{1,3}[/-][0-9]{1,3}$/;
const FORMAT_PARAMETER_VALUE = /^[A-Za-z0-9+-]{1,64}$/;
const RID = /^[A-Za-z0-9_-]{1,32} (send|recv)$/;

/**
 * One or more whole lines about codecs and header extensions, more than half of the lines of a
 * browser's description: `rtpmap`, `rtcp-fb` and `extmap`. The filter keeps them as they are. It
 * drops a line of these attributes that the pattern doesn't match. No line that matches is longer
 * than `SDP_LINE_CHARS_MAX`.
 */
export const CODEC_LINES =
  /(?:a=(?:rtpmap:[0-9]{1,3} [A-Za-z0-9_-]{1,32}\/[0-9]{1,7}(?:\/[0-9]{1,2})?|rtcp-fb:(?:\*|0{0,9}[0-9]|0{0,8}[1-9][0-9]|0{0,7}1(?:[01][0-9]|2[0-7]))(?: [A-Za-z0-9_+/={}*~;,-]{1,128}){1,7}|extmap:[0-9]{1,4}(?:\/sendrecv|\/sendonly|\/recvonly|\/inactive)? (?:urn:ietf:params:rtp-hdrext:(?:sdes:)?|urn:3gpp:|http:\/\/www\.webrtc\.org\/experiments\/rtp-hdrext\/|http:\/\/www\.ietf\.org\/id\/draft-|http:\/\/tools\.ietf\.org\/html\/draft-|https:\/\/aomediacodec\.github\.io\/av1-rtp-spec\/#)[a-z0-9-]{1,64})\r\n)+/y;

/**
 * Allowed hash functions (RFC 8122) and the form of their digests. SHA-1 and MD5 are excluded as
 * insecure.
 */
const DIGESTS: ReadonlyMap<string, RegExp> = new Map([
  ['sha-256', /^[0-9A-F]{2}(?::[0-9A-F]{2}){31}$/],
  ['sha-384', /^[0-9A-F]{2}(?::[0-9A-F]{2}){47}$/],
  ['sha-512', /^[0-9A-F]{2}(?::[0-9A-F]{2}){63}$/],
]);

/**
 * Format parameters that describe codec capabilities. All others are dropped, above all
 * Chromium's `x-google-min-bitrate`, with which one user could make the other send more than
 * their connection can carry.
 */
const FORMAT_PARAMETERS: ReadonlySet<string> = new Set(
  [
    'apt rtx-time max-fs max-fr profile-id',
    'minptime ptime maxptime useinbandfec usedtx cbr',
    'stereo sprop-stereo maxplaybackrate sprop-maxcapturerate maxaveragebitrate',
    'level-asymmetry-allowed packetization-mode profile-level-id',
    'max-mbps max-smbps max-cpb max-dpb max-br',
    'profile level-idx tier level-id tier-flag tx-mode',
  ].flatMap((names) => names.split(' ')),
);

/** Whether the text is an RTP payload type (RFC 3550, section 5.1). */
export function isPayloadType(text: string): boolean {
  return PAYLOAD_TYPE.test(text);
}

const flag: Rewrite = (value) => (value === '' ? '' : null);
const number: Rewrite = (value) => (NUMBER.test(value) ? value : null);
const word: Rewrite = (value) => (WORD.test(value) ? value : null);
const words: Rewrite = (value) => (WORDS.test(value) ? value : null);

function matching(pattern: RegExp): Rewrite {
  return (value) => (pattern.test(value) ? value : null);
}

function oneOf(...allowed: readonly string[]): Rewrite {
  return (value) => (allowed.includes(value) ? value : null);
}

function someOf(separator: string, isAllowed: (part: string) => boolean): Rewrite {
  return (value) => {
    const parts = value.split(separator);
    return parts.every(isAllowed) ? value : parts.filter(isAllowed).join(separator) || null;
  };
}

/** Returns a rewriter for values that begin with the word `type`, followed by optional words. */
function typed(type: string): Rewrite {
  return (value) => {
    const trimmed = value.trim();
    return trimmed === type || (trimmed.startsWith(`${type} `) && words(trimmed) !== null)
      ? trimmed
      : null;
  };
}

function splitOnce(value: string, separator: string): readonly [string, string | null] {
  const at = value.indexOf(separator);
  return at < 0 ? [value, null] : [value.slice(0, at), value.slice(at + separator.length)];
}

const fingerprint: Rewrite = (value) => {
  const [hashName, text] = splitOnce(value, ' ');
  const hash = hashName.toLowerCase();
  const digest = text?.toUpperCase() ?? '';
  return DIGESTS.get(hash)?.test(digest) === true ? `${hash} ${digest}` : null;
};

const knownParameters = someOf(';', (parameter) => {
  const [name, value] = splitOnce(parameter, '=');
  if (value === null) return FORMAT_RANGE.test(parameter);
  return FORMAT_PARAMETERS.has(name) && FORMAT_PARAMETER_VALUE.test(value);
});

const formatParameters: Rewrite = (value) => {
  const [payloadType, parameters] = splitOnce(value, ' ');
  if (parameters === null || !isPayloadType(payloadType)) return null;
  const kept = knownParameters(parameters);
  return kept === null ? null : `${payloadType} ${kept}`;
};

const source: Rewrite = (value) => {
  const [ssrc, attribute] = splitOnce(value, ' ');
  const [name, text] = splitOnce(attribute ?? '', ':');
  const isKept = name === 'cname' && NUMBER.test(ssrc);
  return isKept && text !== null && words(text) !== null ? value : null;
};

const sourceGroup: Rewrite = (value) =>
  typed('FID')(value) ?? typed('SIM')(value) ?? typed('FEC-FR')(value);

const icePassword: Rewrite = (value) =>
  isIceText(value, ICE_PASSWORD_CHARS_MIN, ICE_PASSWORD_CHARS_MAX) ? value : null;

const ICE_OPTIONS: ReadonlySet<string> = new Set(['trickle', 'renomination', 'ice2']);

/**
 * The SDP attributes that browsers need for audio and video. Omitted on purpose: `candidate` and
 * `end-of-candidates`, which the candidate filter handles; `rtcp`, which is unused with
 * multiplexing and in which Firefox writes its address; `msid`, in which Chromium writes the
 * camera track's id, which is the same in every call; `remote-candidates`, `ice-lite`, `crypto`
 * and `identity`.
 */
export const SDP_ATTRIBUTES: ReadonlyMap<string, AttributeRule> = new Map<string, AttributeRule>([
  [
    'fingerprint',
    { level: 'both', rewrite: fingerprint, refusal: 'bad-fingerprint', isNoted: true },
  ],
  [
    'setup',
    {
      level: 'both',
      rewrite: oneOf('actpass', 'active', 'passive'),
      refusal: 'bad-setup',
      isNoted: true,
    },
  ],
  [
    'ice-ufrag',
    {
      level: 'both',
      rewrite: (value) => (isUfrag(value) ? value : null),
      refusal: 'bad-ice-credentials',
      isNoted: true,
    },
  ],
  [
    'ice-pwd',
    { level: 'both', rewrite: icePassword, refusal: 'bad-ice-credentials', isNoted: true },
  ],
  ['ice-options', { level: 'both', rewrite: someOf(' ', (option) => ICE_OPTIONS.has(option)) }],
  ['group', { level: 'session', rewrite: typed('BUNDLE') }],
  ['extmap-allow-mixed', { level: 'both', rewrite: flag }],
  ['sendrecv', { level: 'both', rewrite: flag }],
  ['sendonly', { level: 'both', rewrite: flag }],
  ['recvonly', { level: 'both', rewrite: flag }],
  ['inactive', { level: 'both', rewrite: flag }],
  ['mid', { level: 'media', rewrite: word, isNoted: true }],
  ['bundle-only', { level: 'media', rewrite: flag, isNoted: true }],
  ['rtcp-mux', { level: 'media', rewrite: flag, isNoted: true }],
  ['rtcp-mux-only', { level: 'media', rewrite: flag }],
  ['rtcp-rsize', { level: 'media', rewrite: flag }],
  ['rtcp-xr', { level: 'media', rewrite: oneOf('rcvr-rtt=all', 'rcvr-rtt=sender') }],
  ['fmtp', { level: 'media', rewrite: formatParameters }],
  ['ssrc', { level: 'media', rewrite: source }],
  ['ssrc-group', { level: 'media', rewrite: sourceGroup }],
  ['rid', { level: 'media', rewrite: matching(RID) }],
  ['simulcast', { level: 'media', rewrite: words }],
  ['ptime', { level: 'media', rewrite: number }],
  ['maxptime', { level: 'media', rewrite: number }],
]);
