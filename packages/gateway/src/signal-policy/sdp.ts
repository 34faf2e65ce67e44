import type { Result } from '@farandole/kernel/result';
import { ok, refused } from '@farandole/kernel/result';
import { SDP_CHARS_MAX } from '@farandole/protocol/limits';
import type { CandidateGate } from './candidate-gate.ts';
import { SDP_LINE_CHARS_MAX, SDP_MEDIA_LINES_MAX } from './limits.ts';
import type { CandidateRefusal } from './policy.ts';
import type { AttributeRefusal } from './sdp-attributes.ts';
import { CODEC_LINES, isPayloadType, SDP_ATTRIBUTES } from './sdp-attributes.ts';

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

/** The session part of a description, or a media line with its attributes. */
interface Section {
  readonly level: 'session' | 'media';
  /** Whether the call's mode carries the media line. Of other media lines only the name stays. */
  readonly isCarried: boolean;
  readonly hasPort: boolean;
  /** The section as the filter writes it. Successive lines that stay unchanged are one text. */
  readonly written: string[];
  /** Values of the attributes whose rule is `isNoted`, by the attribute's name. */
  readonly noted: Map<string, string[]>;
}

interface Description {
  readonly session: Section;
  readonly media: readonly Section[];
}

const LINE_END = '\r\n';
const LINES = /^(?:[a-z]=[\x20-\x7e]*\r\n)*$/;
const ASCII = /^[\x20-\x7e\r\n]*$/;
const STRAY_LINE_END = /\r(?!\n)|(?:^|[^\r])\n/;
/** The lines about candidates, each with the line end before it. */
const CANDIDATE_LINES = /\r\na=(?:candidate:[^\r]*|end-of-candidates)(?=\r)/g;
const GROUP_LINE = '\r\na=group:';
const GROUP_LINES = /\r\na=group:[^\r]*/g;
/**
 * The origin line of SDP: user name, session id, version, and an address that is not used (RFC
 * 8829, section 5.2.1).
 */
const ORIGIN = /^o=[^ ]+ ([0-9]{1,20} [0-9]{1,20}) IN IP[46] [^ ]+$/;
const MEDIA_LINE = /^m=(audio|video) ([0-9]{1,5}) (UDP\/TLS\/RTP\/SAVPF)( [0-9 ]+)$/;
const DATA_LINE = /^m=(application) ([0-9]{1,5}) (UDP\/DTLS\/SCTP)((?: webrtc-datachannel)+)$/;

const DATA = 'application';

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
  const parsed = parseSections(text, kinds);
  if (!parsed.ok) return parsed;
  const { session, media } = parsed.value;
  const fault = findFault(session, media, type);
  if (fault !== null) return refused(fault);
  const rejectedMids = valuesOf(
    media.filter(({ isCarried }) => !isCarried),
    'mid',
  );
  const written = [withoutMids(session.written.join(''), rejectedMids)];
  for (const section of media) {
    const lines = section.written.join('');
    written.push(isLive(section) ? lines : lines.replaceAll(CANDIDATE_LINES, ''));
  }
  const sections = [session, ...media];
  return ok({
    text: written.join(''),
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
  const sdp = text.replaceAll(CANDIDATE_LINES, (line) => {
    if (candidates === 'strip') return '';
    const start = line.indexOf('candidate:');
    if (start < 0) return line;
    const passed = gate.pass(line.slice(start));
    if (passed.ok) return `${LINE_END}a=${passed.value}`;
    candidateRefusals.push(passed.reason);
    return '';
  });
  if (sdp.length > SDP_CHARS_MAX) return refused('too-long');
  return ok({ sdp, fingerprints, candidateRefusals });
}

/** Parses a description in one pass over its lines. */
function parseSections(text: string, kinds: readonly string[]): Result<Description, SdpRefusal> {
  if (text.length > SDP_CHARS_MAX) return refused('too-long');
  if (!LINES.test(text)) return refused(faultOfLines(text));
  const [version = '', originLine = ''] = text.split(LINE_END, 2);
  const origin = ORIGIN.exec(originLine)?.[1];
  if (version !== 'v=0' || origin === undefined) return refused('bad-origin');

  const head = `v=0\r\no=- ${origin} IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n`;
  const session = newSection('session', true, false, head);
  const media: Section[] = [];
  let section = session;
  // Start of the current run of lines that stay unchanged, or -1 outside a run.
  let runStart = -1;
  let end = 0;
  for (let start = version.length + originLine.length + 4; start < text.length; start = end) {
    CODEC_LINES.lastIndex = start;
    if (section.level === 'media' && section.isCarried && CODEC_LINES.test(text)) {
      if (runStart < 0) runStart = start;
      end = CODEC_LINES.lastIndex;
      continue;
    }
    end = text.indexOf(LINE_END, start) + LINE_END.length;
    const line = text.slice(start, end - LINE_END.length);
    if (line.length > SDP_LINE_CHARS_MAX) return refused('bad-line');
    const written = line.startsWith('a=') ? rewriteAttribute(line, section) : null;
    if (written === line) {
      if (runStart < 0) runStart = start;
      continue;
    }
    if (runStart >= 0) section.written.push(text.slice(runStart, start));
    runStart = -1;
    if (typeof written === 'string') {
      section.written.push(`${written}\r\n`);
    } else if (written !== null) {
      return refused(written.refusal);
    } else if (line.startsWith('m=')) {
      const parsed = parseMediaLine(line, kinds);
      if (parsed === null) return refused('bad-media-line');
      if (media.push(parsed) > SDP_MEDIA_LINES_MAX) return refused('too-many-media-lines');
      section = parsed;
    }
    // Other SDP lines are dropped, because the filter writes them itself or browsers don't need
    // them.
  }
  if (runStart >= 0) section.written.push(text.slice(runStart));
  return ok({ session, media });
}

/**
 * Returns why lines don't end as RFC 8866 requires, or don't begin with a letter and an equals sign.
 * Other line ends are refused, because one parser could see a line that another doesn't.
 */
function faultOfLines(text: string): 'bad-character' | 'bad-line' {
  if (!ASCII.test(text)) return 'bad-character';
  return text.endsWith(LINE_END) && STRAY_LINE_END.test(text) ? 'bad-character' : 'bad-line';
}

function newSection(
  level: Section['level'],
  isCarried: boolean,
  hasPort: boolean,
  head: string,
): Section {
  return { level, isCarried, hasPort, written: [head], noted: new Map() };
}

/**
 * Returns the section of a media line with port 9, or port 0 if it was 0. Null if the line is not
 * supported.
 *
 * The media that the call's mode doesn't carry get port 0, and always data channels, because text
 * and files in them would bypass the server's relay and the page's video shield. The media line is
 * kept, because offer and answer must have the same number of media lines.
 */
function parseMediaLine(line: string, kinds: readonly string[]): Section | null {
  const parsed = MEDIA_LINE.exec(line) ?? DATA_LINE.exec(line);
  if (parsed === null) return null;
  const [, kind = '', port, protocol, formats = ''] = parsed;
  if (kind !== DATA && !formats.slice(1).split(' ').every(isPayloadType)) return null;
  const isCarried = kinds.includes(kind);
  const hasPort = isCarried && Number(port) !== 0;
  const written = `m=${kind} ${hasPort ? '9' : '0'} ${protocol}${formats}`;
  return newSection('media', isCarried, hasPort, `${written}\r\nc=IN IP4 0.0.0.0\r\n`);
}

/**
 * Rewrites one attribute line and notes it in its section. Returns null if the attribute is
 * dropped, or the reason if the description is refused.
 */
function rewriteAttribute(
  line: string,
  section: Section,
): string | { readonly refusal: AttributeRefusal } | null {
  const colon = line.indexOf(':');
  const name = colon < 0 ? line.slice(2) : line.slice(2, colon);
  const value = colon < 0 ? '' : line.slice(colon + 1);
  if (name === 'candidate' || name === 'end-of-candidates') {
    if (section.level === 'session' || !section.isCarried) return null;
    return name === 'candidate' ? `a=candidate:${value}` : 'a=end-of-candidates';
  }
  const rule = SDP_ATTRIBUTES.get(name);
  if (rule === undefined || (rule.level !== 'both' && rule.level !== section.level)) return null;
  const rewritten = rule.rewrite(value);
  if (rewritten === null) return rule.refusal === undefined ? null : { refusal: rule.refusal };
  if (!section.isCarried && name !== 'mid') return null;
  if (rule.isNoted === true) note(section, name, rewritten);
  if (rewritten === value) return value === '' ? `a=${name}` : line;
  return rewritten === '' ? `a=${name}` : `a=${name}:${rewritten}`;
}

function note({ noted }: Section, name: string, value: string): void {
  const values = noted.get(name);
  if (values === undefined) noted.set(name, [value]);
  else values.push(value);
}

/** Removes rejected media lines from the groups, as RFC 9143, section 7.3.3 requires. */
function withoutMids(text: string, mids: readonly string[]): string {
  if (mids.length === 0) return text;
  return text.replaceAll(GROUP_LINES, (line) => {
    const words = line.slice(GROUP_LINE.length).split(' ');
    const kept = words.filter((word) => !mids.includes(word)).join(' ');
    return kept === '' ? GROUP_LINE.slice(0, -1) : GROUP_LINE + kept;
  });
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
    const has = (name: string): boolean => session.noted.has(name) || section.noted.has(name);
    if (!has('fingerprint')) return 'no-fingerprint';
    if (!has('ice-ufrag') || !has('ice-pwd')) return 'no-ice-credentials';
    if (!has('setup')) return 'no-setup';
    if (!section.noted.has('rtcp-mux')) return 'no-rtcp-mux';
  }
  const isRoleAllowed = (role: string): boolean => (role === 'actpass') === (type === 'offer');
  return valuesOf([session, ...media], 'setup').every(isRoleAllowed) ? null : 'bad-setup';
}

function isLive({ hasPort, noted }: Section): boolean {
  return hasPort || noted.has('bundle-only');
}

/** Returns the distinct values of a noted attribute in order of appearance. */
function valuesOf(sections: readonly Section[], name: string): readonly string[] {
  return [...new Set(sections.flatMap(({ noted }) => noted.get(name) ?? []))];
}
