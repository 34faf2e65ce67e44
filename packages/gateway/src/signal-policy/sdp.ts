import type { Result } from '@farandole/kernel/result';
import { ok, refused } from '@farandole/kernel/result';
import { SDP_CHARS_MAX } from '@farandole/protocol/limits';
import type { CandidateGate } from './candidate-gate.ts';
import { SDP_LINE_CHARS_MAX, SDP_MEDIA_LINES_MAX } from './limits.ts';
import type { CandidateRefusal } from './policy.ts';
import type { AttributeRefusal } from './sdp-attributes.ts';
import { isPayloadType, SDP_ATTRIBUTES } from './sdp-attributes.ts';

/** Why a description is refused. The set of reasons is closed, so that metrics can use it. */
export type SdpRefusal =
  | AttributeRefusal
  | 'too-long'
  | 'bad-character'
  | 'bad-line'
  | 'bad-origin'
  | 'bad-media-line'
  | 'too-many-media-lines'
  | 'no-live-media'
  | 'no-fingerprint'
  | 'no-setup'
  | 'no-ice-credentials'
  | 'no-rtcp-mux';

/** The kinds of media lines that carry sound and picture. */
export type MediaKind = 'audio' | 'video';

export interface SdpFilterOptions {
  /**
   * Type of the description, which decides the allowed DTLS role: `actpass` in an offer,
   * `active` or `passive` in an answer.
   */
  readonly type: 'offer' | 'answer';
  /** Candidate filter of the sender. It is notified of ICE restarts. */
  readonly gate: CandidateGate;
  /**
   * What happens to candidates in the description. `strip` removes them, because they are sent
   * separately. `gate` passes each through the candidate filter.
   */
  readonly candidates: 'strip' | 'gate';
  /** The media lines that the call's mode allows. All others are rejected. */
  readonly kinds: readonly MediaKind[];
}

export interface FilteredSdp {
  readonly sdp: string;
  /** The distinct DTLS fingerprints, such as `sha-256 AB:CD…`, in order of appearance. */
  readonly fingerprints: readonly string[];
  /**
   * One reason for each candidate that the candidate filter refused. Empty if candidates are
   * stripped.
   */
  readonly candidateRefusals: readonly CandidateRefusal[];
}

/** An SDP description that passed the filter. Its candidates are unfiltered. */
export interface CheckedSdp {
  readonly text: string;
  readonly iceUfrags: readonly string[];
  readonly fingerprints: readonly string[];
}

interface Section {
  /**
   * Words of the media line, such as `['audio', '9', 'UDP/TLS/RTP/SAVPF', '111', …]`. Empty for
   * the session part.
   */
  readonly media: readonly string[];
  readonly attributes: Attribute[];
}

interface Description {
  readonly session: Section;
  readonly media: readonly Section[];
}

interface Attribute {
  readonly name: string;
  readonly value: string;
}

const ASCII = /^[\x20-\x7e\r\n]*$/;
const LINE_END = '\r\n';
const CANDIDATE_LINE = 'a=candidate:';
const END_OF_CANDIDATES_LINE = 'a=end-of-candidates';
const STRAY_LINE_END = /\r(?!\n)|(?:^|[^\r])\n/;
const LINE = /^[a-z]=/;
/**
 * The origin line of SDP: user name, session id, version, and an address that is not used (RFC
 * 8829, section 5.2.1).
 */
const ORIGIN = /^o=[^ ]+ ([0-9]{1,20}) ([0-9]{1,20}) IN IP[46] [^ ]+$/;
const PORT = /^[0-9]{1,5}$/;

const DATA = 'application';

const PROTOCOL_BY_KIND: ReadonlyMap<string, string> = new Map([
  ['audio', 'UDP/TLS/RTP/SAVPF'],
  ['video', 'UDP/TLS/RTP/SAVPF'],
  [DATA, 'UDP/DTLS/SCTP'],
]);

/**
 * Filters an SDP description by an allow-list of lines, each of which is rewritten. The result
 * contains no address except in candidates that the candidate filter accepts. Never throws.
 * Filtering the result again with a filter of the same policy changes nothing.
 */
export function filterSdp(
  text: string,
  { type, gate, candidates, kinds }: SdpFilterOptions,
): Result<FilteredSdp, SdpRefusal> {
  const checked = checkSdp(text, type, kinds);
  return checked.ok ? filterCandidates(checked.value, gate, candidates) : checked;
}

/**
 * Filters everything except the candidates, whose filter depends on the matched pair. Never throws.
 */
export function checkSdp(
  text: string,
  type: SdpFilterOptions['type'],
  kinds: SdpFilterOptions['kinds'],
): Result<CheckedSdp, SdpRefusal> {
  const lines = splitLines(text);
  if (!lines.ok) return lines;
  const [version, originLine = '', ...rest] = lines.value;
  const origin = ORIGIN.exec(originLine);
  if (version !== 'v=0' || origin === null) return refused('bad-origin');
  const parsed = parseSections(rest);
  if (!parsed.ok) return parsed;
  const { session, media } = withKinds(parsed.value, kinds);
  const fault = findFault(session, media, type);
  if (fault !== null) return refused(fault);

  const sections = [session, ...media];
  const written = ['v=0', `o=- ${origin[1]} ${origin[2]} IN IP4 0.0.0.0`, 's=-', 't=0 0'];
  for (const section of sections) {
    if (section.media.length > 0) {
      written.push(`m=${section.media.join(' ')}`, 'c=IN IP4 0.0.0.0');
    }
    const keepsCandidates = isLive(section);
    for (const { name, value } of section.attributes) {
      if (name === 'candidate') {
        if (keepsCandidates) written.push(CANDIDATE_LINE + value);
      } else if (name !== 'end-of-candidates' || keepsCandidates) {
        written.push(value === '' ? `a=${name}` : `a=${name}:${value}`);
      }
    }
  }
  return ok({
    text: `${written.join(LINE_END)}${LINE_END}`,
    iceUfrags: valuesOf(sections, 'ice-ufrag'),
    fingerprints: valuesOf(sections, 'fingerprint'),
  });
}

/**
 * Filters the candidates of a checked description with the gate. Starts a new generation in the
 * gate if the description's ICE user fragments show an ICE restart.
 */
export function filterCandidates(
  { text, iceUfrags, fingerprints }: CheckedSdp,
  gate: CandidateGate,
  candidates: SdpFilterOptions['candidates'],
): Result<FilteredSdp, SdpRefusal> {
  gate.startGeneration(iceUfrags);
  const candidateRefusals: CandidateRefusal[] = [];
  const written = text.split(LINE_END).flatMap((line) => {
    const isCandidate = line.startsWith(CANDIDATE_LINE);
    if (!isCandidate && line !== END_OF_CANDIDATES_LINE) return line;
    if (candidates === 'strip') return [];
    if (!isCandidate) return line;
    const passed = gate.pass(line.slice('a='.length));
    if (passed.ok) return `a=${passed.value}`;
    candidateRefusals.push(passed.reason);
    return [];
  });
  const sdp = written.join(LINE_END);
  if (sdp.length > SDP_CHARS_MAX) return refused('too-long');
  return ok({ sdp, fingerprints, candidateRefusals });
}

/**
 * Splits a description into lines that end as RFC 8866 requires. Other line ends are refused,
 * because one parser could see a line that another doesn't.
 */
function splitLines(text: string): Result<readonly string[], SdpRefusal> {
  if (text.length > SDP_CHARS_MAX) return refused('too-long');
  if (!ASCII.test(text)) return refused('bad-character');
  const lines = text.split(LINE_END);
  if (lines.pop() !== '') return refused('bad-line');
  if (STRAY_LINE_END.test(text)) return refused('bad-character');
  for (const line of lines) {
    if (!LINE.test(line) || line.length > SDP_LINE_CHARS_MAX) {
      return refused('bad-line');
    }
  }
  return ok(lines);
}

function parseSections(lines: readonly string[]): Result<Description, SdpRefusal> {
  const session: Section = { media: [], attributes: [] };
  const media: Section[] = [];
  for (const line of lines) {
    if (line.startsWith('m=')) {
      const words = parseMediaLine(line);
      if (words === null) return refused('bad-media-line');
      if (media.length === SDP_MEDIA_LINES_MAX) return refused('too-many-media-lines');
      media.push({ media: words, attributes: [] });
    } else if (line.startsWith('a=')) {
      const section = media.at(-1) ?? session;
      const attribute = parseAttribute(line, section === session ? 'session' : 'media');
      if (typeof attribute === 'string') return refused(attribute);
      if (attribute !== null) section.attributes.push(attribute);
    }
    // Other SDP lines are dropped, because the filter writes them itself or browsers don't need
    // them.
  }
  return ok({ session, media });
}

/**
 * Rejects the media that the call's mode doesn't carry, and always data channels, because text and
 * files in them would bypass the server's relay and the page's video shield. The media line is kept
 * with port 0, because offer and answer must have the same number of media lines.
 */
function withKinds({ session, media }: Description, kinds: readonly string[]): Description {
  const isRefused = ({ media: [kind = DATA] }: Section): boolean => !kinds.includes(kind);
  if (!media.some(isRefused)) return { session, media };
  const rejected = new Set(valuesOf(media.filter(isRefused), 'mid'));
  return {
    session: {
      ...session,
      attributes: session.attributes.map((attribute) => withoutMids(attribute, rejected)),
    },
    media: media.map((section) => {
      if (!isRefused(section)) return section;
      const [kind = '', , ...rest] = section.media;
      const attributes = section.attributes.filter(({ name }) => name === 'mid');
      return { media: [kind, '0', ...rest], attributes };
    }),
  };
}

/** Removes rejected media lines from a group attribute, as RFC 9143, section 7.3.3 requires. */
function withoutMids(attribute: Attribute, rejected: ReadonlySet<string>): Attribute {
  if (attribute.name !== 'group') return attribute;
  const words = attribute.value.split(' ').filter((word) => !rejected.has(word));
  return { ...attribute, value: words.join(' ') };
}

/**
 * Returns the words of a media line with port 9, or port 0 if it was 0. Null if the line is not
 * supported.
 */
function parseMediaLine(line: string): readonly string[] | null {
  const [kind = '', port = '', protocol = '', ...formats] = line.slice('m='.length).split(' ');
  if (PROTOCOL_BY_KIND.get(kind) !== protocol || !PORT.test(port)) return null;
  const isFormat = (format: string): boolean =>
    kind === DATA ? format === 'webrtc-datachannel' : isPayloadType(format);
  if (formats.length === 0 || !formats.every(isFormat)) return null;
  return [kind, Number(port) === 0 ? '0' : '9', protocol, ...formats];
}

/**
 * Rewrites one attribute line. Returns null if the attribute is dropped, or the reason if the
 * description is refused.
 */
function parseAttribute(
  line: string,
  level: 'session' | 'media',
): Attribute | AttributeRefusal | null {
  const colon = line.indexOf(':');
  const name = line.slice('a='.length, colon < 0 ? undefined : colon);
  const value = colon < 0 ? '' : line.slice(colon + 1);
  if (name === 'candidate') return level === 'media' ? { name, value } : null;
  if (name === 'end-of-candidates') return level === 'media' ? { name, value: '' } : null;
  const rule = SDP_ATTRIBUTES.get(name);
  if (rule === undefined || (rule.level !== 'both' && rule.level !== level)) return null;
  const rewritten = rule.rewrite(value);
  return rewritten === null ? (rule.refusal ?? null) : { name, value: rewritten };
}

/**
 * Checks that a description has all that an encrypted transport on a single port needs. A media
 * line with port 0 is rejected and needs nothing, unless it is only waiting to be bundled.
 */
function findFault(
  session: Section,
  media: readonly Section[],
  type: SdpFilterOptions['type'],
): SdpRefusal | null {
  const live = media.filter(isLive);
  if (live.length === 0) return 'no-live-media';
  for (const section of live) {
    const both = [session, section];
    if (valuesOf(both, 'fingerprint').length === 0) return 'no-fingerprint';
    if (valuesOf(both, 'ice-ufrag').length === 0) return 'no-ice-credentials';
    if (valuesOf(both, 'ice-pwd').length === 0) return 'no-ice-credentials';
    if (valuesOf(both, 'setup').length === 0) return 'no-setup';
    if (valuesOf([section], 'rtcp-mux').length === 0) return 'no-rtcp-mux';
  }
  const isRoleAllowed = (role: string): boolean => (role === 'actpass') === (type === 'offer');
  return valuesOf([session, ...media], 'setup').every(isRoleAllowed) ? null : 'bad-setup';
}

function isLive(section: Section): boolean {
  return section.media[1] !== '0' || valuesOf([section], 'bundle-only').length > 0;
}

/** Returns the distinct values of an attribute in order of appearance. */
function valuesOf(sections: readonly Section[], name: string): readonly string[] {
  const values = new Set<string>();
  for (const { attributes } of sections) {
    for (const attribute of attributes) if (attribute.name === name) values.add(attribute.value);
  }
  return [...values];
}
