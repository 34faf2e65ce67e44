import type { Result } from '@farandole/kernel/result';
import { ok, refused } from '@farandole/kernel/result';
import { CANDIDATE_CHARS_MAX } from '@farandole/protocol/limits';
import {
  FOUNDATION_CHARS_MAX,
  NETWORK_COST_MAX,
  PRIORITY_MAX,
  UFRAG_CHARS_MAX,
  UFRAG_CHARS_MIN,
} from './limits.ts';

/** A well-formed ICE candidate with the sender's values, which are not verified. */
export interface IceCandidate {
  readonly foundation: string;
  /** Component 1 is RTP, or all data of a multiplexed transport. Component 2 is RTCP. */
  readonly component: number;
  readonly transport: string;
  readonly priority: number;
  /** An IP address, a host name, or any other text without spaces. */
  readonly address: string;
  readonly port: number;
  readonly type: string;
  /** The user fragment among the name-value pairs. Null if it is absent or invalid. */
  readonly ufrag: string | null;
  /** The network cost among the name-value pairs. 0 if it is absent or invalid. */
  readonly networkCost: number;
}

type Extensions = Pick<IceCandidate, 'ufrag' | 'networkCost'>;

/** A candidate that the filter accepted, with the values that the filter writes. */
export interface AllowedCandidate {
  /**
   * Number that the filter assigns to the candidate's foundation, from 1. Two foundations get
   * the same number if the sender's were equal.
   */
  readonly foundation: number;
  readonly priority: number;
  /** A canonical IP address or an mDNS name. */
  readonly address: string;
  readonly port: number;
  readonly type: 'host' | 'srflx' | 'relay';
  readonly ufrag: string | null;
  /** The candidate's `network-cost`, an extension of libwebrtc. 0 if absent. */
  readonly networkCost: number;
}

const PREFIX = 'candidate:';
const TYPE = ' typ ';
const PRINTABLE = /^[\x20-\x7e]*$/;
const ICE_CHARACTERS = /^[A-Za-z0-9+/]+$/;
const DIGITS_MAX = 10;
const DIGIT_0 = 0x30;
const NO_EXTENSIONS: Extensions = { ufrag: null, networkCost: 0 };

const PORT_MAX = 65_535;
const COMPONENT_MAX = 256;

/**
 * Parses `candidate:…` by RFC 8839, section 5.1, as in `RTCIceCandidate.candidate`. Never
 * throws. Rejects a line that repeats a name-value pair as malformed, because two parsers could
 * use different values.
 */
export function parseCandidate(line: string): Result<IceCandidate, 'too-long' | 'malformed'> {
  if (line.length > CANDIDATE_CHARS_MAX) return refused('too-long');
  if (!line.startsWith(PREFIX) || !PRINTABLE.test(line)) return refused('malformed');
  // Reads each field where it is in the line, because most candidates need no copy of most fields.
  const foundationEnd = line.indexOf(' ', PREFIX.length);
  const componentEnd = line.indexOf(' ', foundationEnd + 1);
  const transportEnd = line.indexOf(' ', componentEnd + 1);
  const priorityEnd = line.indexOf(' ', transportEnd + 1);
  const addressEnd = line.indexOf(' ', priorityEnd + 1);
  const portEnd = line.indexOf(' ', addressEnd + 1);
  // After the last space, the search begins again at the start of the line.
  const isComplete =
    foundationEnd < componentEnd &&
    componentEnd < transportEnd &&
    transportEnd < priorityEnd &&
    priorityEnd < addressEnd &&
    addressEnd < portEnd;
  if (!isComplete || !line.startsWith(TYPE, portEnd)) return refused('malformed');
  const typeStart = portEnd + TYPE.length;
  const typeEnd = endOfField(line, typeStart);
  const foundation = line.slice(PREFIX.length, foundationEnd);
  const component = parseInteger(line, foundationEnd + 1, componentEnd, 1, COMPONENT_MAX);
  const transport = line.slice(componentEnd + 1, transportEnd);
  const priority = parseInteger(line, transportEnd + 1, priorityEnd, 1, PRIORITY_MAX);
  const address = line.slice(priorityEnd + 1, addressEnd);
  const port = parseInteger(line, addressEnd + 1, portEnd, 0, PORT_MAX);
  const type = line.slice(typeStart, typeEnd);
  if (!isIceText(foundation, 1, FOUNDATION_CHARS_MAX)) return refused('malformed');
  if (component === null || priority === null || port === null) return refused('malformed');
  if (transport === '' || address === '' || type === '') return refused('malformed');
  const extensions = parseExtensions(line, typeEnd);
  if (extensions === null) return refused('malformed');
  return ok({
    foundation,
    component,
    // Firefox writes upper case.
    transport: transport === 'UDP' || transport === 'udp' ? 'udp' : transport.toLowerCase(),
    priority,
    address,
    port,
    type,
    ufrag: extensions.ufrag,
    networkCost: extensions.networkCost,
  });
}

/**
 * Writes a candidate line. The related address is always zero, because the real one would reveal
 * where the owner is.
 */
export function serializeCandidate(candidate: AllowedCandidate): string {
  const { foundation, priority, address, port, type, ufrag, networkCost } = candidate;
  const related = type === 'host' ? '' : ' raddr 0.0.0.0 rport 0';
  const ofUfrag = ufrag === null ? '' : ` ufrag ${ufrag}`;
  const ofCost = networkCost === 0 ? '' : ` network-cost ${networkCost}`;
  const suffix = `${related}${ofUfrag}${ofCost}`;
  return `${PREFIX}${foundation} 1 udp ${priority} ${address} ${port} typ ${type}${suffix}`;
}

/** Whether the text is an `ice-ufrag` of RFC 8839, section 5.4. */
export function isUfrag(text: string): boolean {
  return isIceText(text, UFRAG_CHARS_MIN, UFRAG_CHARS_MAX);
}

/** Whether the text consists of `ice-char` of RFC 8839 and has a length within the limits. */
export function isIceText(text: string, charsMin: number, charsMax: number): boolean {
  return text.length >= charsMin && text.length <= charsMax && ICE_CHARACTERS.test(text);
}

/** Reads the decimal number in a part of the text. */
function parseInteger(
  text: string,
  start: number,
  end: number,
  min: number,
  max: number,
): number | null {
  if (end === start || end - start > DIGITS_MAX) return null;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - DIGIT_0;
    if (digit < 0 || digit > 9) return null;
    value = 10 * value + digit;
  }
  return value >= min && value <= max ? value : null;
}

function endOfField(line: string, start: number): number {
  const space = line.indexOf(' ', start);
  return space === -1 ? line.length : space;
}

/** Reads the name-value pairs from an index on, at which the first one's space is. */
function parseExtensions(line: string, from: number): Extensions | null {
  if (from === line.length) return NO_EXTENSIONS;
  const names: string[] = [];
  let ufrag: string | null = null;
  let networkCost = 0;
  for (let at = from; at < line.length; ) {
    const nameStart = at + 1;
    const nameEnd = line.indexOf(' ', nameStart);
    if (nameEnd <= nameStart) return null;
    const valueStart = nameEnd + 1;
    const valueEnd = endOfField(line, valueStart);
    if (valueEnd === valueStart) return null;
    const name = line.slice(nameStart, nameEnd);
    if (names.includes(name)) return null;
    names.push(name);
    if (name === 'ufrag') {
      const value = line.slice(valueStart, valueEnd);
      if (isUfrag(value)) ufrag = value;
    } else if (name === 'network-cost') {
      networkCost = parseInteger(line, valueStart, valueEnd, 0, NETWORK_COST_MAX) ?? 0;
    }
    at = valueEnd;
  }
  return { ufrag, networkCost };
}
