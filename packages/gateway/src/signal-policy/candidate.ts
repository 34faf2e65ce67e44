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

/** A candidate line as its sender wrote it: well-formed, but nothing in it is believed yet. */
export interface IceCandidate {
  readonly foundation: string;
  /** 1 is RTP, and all of a multiplexed transport; 2 is RTCP. */
  readonly component: number;
  /** Lower case. */
  readonly transport: string;
  readonly priority: number;
  /** An IP address, a name, or anything else without a space. */
  readonly address: string;
  readonly port: number;
  readonly type: string;
  /** Whatever follows in pairs: `raddr`, `rport`, `tcptype`, `generation`, `ufrag` … */
  readonly pairs: ReadonlyMap<string, string>;
}

/** The only candidates there are on the other side of the filter. */
export interface AllowedCandidate {
  /** Numbers from 1, given out by the gate: equal when the sender's foundations were equal. */
  readonly foundation: number;
  readonly priority: number;
  /** A canonical IP address, or the name of a machine on the local network. */
  readonly address: string;
  readonly port: number;
  readonly type: 'host' | 'srflx' | 'relay';
  /** null when the sender named none. */
  readonly ufrag: string | null;
  /** What libwebrtc says of the sender's network, from 0, which is also where it says nothing. */
  readonly networkCost: number;
}

const PREFIX = 'candidate:';
const PRINTABLE = /^[\x20-\x7e]*$/;
const ICE_CHARACTERS = /^[A-Za-z0-9+/]+$/;
const DIGITS = /^[0-9]{1,10}$/;

const PORT_MAX = 65_535;
const COMPONENT_MAX = 256;

/**
 * Reads `candidate:…` by the grammar of RFC 8839, section 5.1, which is what
 * `RTCIceCandidate.candidate` holds. Total: any text gives a candidate or a reason, never an
 * exception. A repeated pair is malformed, since two readers could each believe another one.
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
 * Writes a candidate from values alone. The related address, which is a server-reflexive or
 * relayed candidate's way of telling where its owner really is, is always nowhere.
 */
export function serializeCandidate(candidate: AllowedCandidate): string {
  const { foundation, priority, address, port, type, ufrag, networkCost } = candidate;
  const related = type === 'host' ? '' : ' raddr 0.0.0.0 rport 0';
  const ofUfrag = ufrag === null ? '' : ` ufrag ${ufrag}`;
  const ofCost = networkCost === 0 ? '' : ` network-cost ${networkCost}`;
  const suffix = `${related}${ofUfrag}${ofCost}`;
  return `${PREFIX}${foundation} 1 udp ${priority} ${address} ${port} typ ${type}${suffix}`;
}

/** The user fragment that a candidate names; null when it names none, or no valid one. */
export function ufragOf(candidate: IceCandidate): string | null {
  const ufrag = candidate.pairs.get('ufrag');
  return ufrag !== undefined && isUfrag(ufrag) ? ufrag : null;
}

/** What a candidate says that its sender's network costs; 0 when it says nothing, or nothing valid. */
export function networkCostOf(candidate: IceCandidate): number {
  return parseInteger(candidate.pairs.get('network-cost') ?? '', 0, NETWORK_COST_MAX) ?? 0;
}

/** Whether the text is an `ice-ufrag` of RFC 8839, section 5.4. */
export function isUfrag(text: string): boolean {
  return isIceText(text, UFRAG_CHARS_MIN, UFRAG_CHARS_MAX);
}

/** Whether the text is made of RFC 8839's `ice-char` and its length is within the bounds. */
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
