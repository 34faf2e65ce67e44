import { clientFrame, type FrameParts, OPCODE } from '../support/web-socket-bytes.ts';

/**
 * One case, under the number that Autobahn's test suite gives its like. Where that suite expects an
 * echo, a case here expects that the listener tells the text: this server is no echo server.
 */
export interface Case {
  readonly id: string;
  readonly what: string;
  /** What RFC 6455 demands, and in which section. */
  readonly rfc: string;
  /** Where this protocol is stricter, or chooses among what the RFC leaves open. */
  readonly ours?: string;
  readonly sends: readonly Buffer[];
  /** Writes so many octets at a time; otherwise all at once. */
  readonly octets?: number;
  readonly expects: Expected;
}

export interface Expected {
  /** Texts that the listener tells, in order. */
  readonly told?: readonly string[];
  /** Payloads of pongs that come back, as latin1. */
  readonly pongs?: readonly string[];
  /** How the connection ends; left out: it stays open, and what is said next is told. */
  readonly closes?: Close;
}

/** A close frame of the server's: its code and reason; and the code that the listener tells. */
export interface Close {
  /** Null: a close frame without a body. */
  readonly code: number | null;
  readonly reason: string;
  readonly told: number;
}

/** Not a frame of this protocol, or not one of RFC 6455. */
export const MALFORMED: Expected = { closes: { code: 4400, reason: 'malformed', told: 4400 } };
/** More than is kept of one message. */
export const TOO_LARGE: Expected = { closes: { code: 4413, reason: 'too-large', told: 4413 } };

/** Why a case closes with 4400 where the RFC names 1002, 1003 or 1007. */
export const IN_OUR_WORDS =
  'the code is of the private range (section 7.4.2), with the protocol’s word for it (PR-7)';

/** A frame whose payload is given as text. */
export function frame(
  opcode: keyof typeof OPCODE | number,
  payload: string | Buffer = '',
  parts: Omit<FrameParts, 'opcode' | 'payload'> = {},
): Buffer {
  return clientFrame({
    opcode: typeof opcode === 'number' ? opcode : OPCODE[opcode],
    payload: Buffer.from(payload),
    ...parts,
  });
}

export const text = (payload: string | Buffer): Buffer => frame('text', payload);
/** The first part of a message of several. */
export const first = (payload: string | Buffer): Buffer =>
  frame('text', payload, { isFinal: false });
/** A part in the middle. */
export const middle = (payload: string | Buffer): Buffer =>
  frame('continuation', payload, { isFinal: false });
/** The last part. */
export const last = (payload: string | Buffer): Buffer => frame('continuation', payload);

/** A message in parts. */
export function inParts(parts: readonly (string | Buffer)[]): readonly Buffer[] {
  return parts.map((part, at) => {
    if (at === parts.length - 1) return last(part);
    return at === 0 ? first(part) : middle(part);
  });
}
