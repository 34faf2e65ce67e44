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
  /**
   * Name-value pairs at the end of a candidate line: `raddr`, `rport`, `tcptype`, `generation`,
   * `ufrag` and others.
   */
  readonly pairs: ReadonlyMap<string, string>;
}

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
const PRINTABLE = /^[\x20-\x7e]*$/;
const ICE_CHARACTERS = /^[A-Za-z0-9+/]+$/;
const DIGITS = /^[0-9]{1,10}$/;

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
  const fields = line.slice(PREFIX.length).split(' ');
  const [foundation = '', componentText = '', transport = '', priorityText = ''] = fields;
  const [address = '', portText = '', typ = '', type = ''] = fields.slice(4);
  const component = parseInteger(componentText, 1, COMPONENT_MAX);
  const priority = parseInteger(priorityText, 1, PRIORITY_MAX);
  const port = parseInteger(portText, 0, PORT_MAX);
  const pairs = parsePairs(fields.slice(8));
  if (!isIceText(foundation, 1, FOUNDATION_CHARS_MAX)) return refused('malformed');
  if (component === null || priority === null || port === null) return refused('malformed');
  if (transport === '' || address === '' || typ !== 'typ' || type === '') {
    return refused('malformed');
  }
  if (pairs === null) return refused('malformed');
  return ok({
    foundation,
    component,
    transport: transport.toLowerCase(),
    priority,
    address,
    port,
    type,
    pairs,
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

/** Returns the candidate's user fragment, or null if it is absent or invalid. */
export function ufragOf(candidate: IceCandidate): string | null {
  const ufrag = candidate.pairs.get('ufrag');
  return ufrag !== undefined && isUfrag(ufrag) ? ufrag : null;
}

/** Returns the candidate's network cost, or 0 if it is absent or invalid. */
export function networkCostOf(candidate: IceCandidate): number {
  return parseInteger(candidate.pairs.get('network-cost') ?? '', 0, NETWORK_COST_MAX) ?? 0;
}

/** Whether the text is an `ice-ufrag` of RFC 8839, section 5.4. */
export function isUfrag(text: string): boolean {
  return isIceText(text, UFRAG_CHARS_MIN, UFRAG_CHARS_MAX);
}

/** Whether the text consists of `ice-char` of RFC 8839 and has a length within the limits. */
export function isIceText(text: string, charsMin: number, charsMax: number): boolean {
  return text.length >= charsMin && text.length <= charsMax && ICE_CHARACTERS.test(text);
}

function parseInteger(text: string, min: number, max: number): number | null {
  const value = Number(text);
  return DIGITS.test(text) && value >= min && value <= max ? value : null;
}

function parsePairs(fields: readonly string[]): ReadonlyMap<string, string> | null {
  const pairs = new Map<string, string>();
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] ?? '';
    const value = fields[i + 1] ?? '';
    if (name === '' || value === '' || pairs.has(name)) return null;
    pairs.set(name, value);
  }
  return pairs;
}
