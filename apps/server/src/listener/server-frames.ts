import { OPCODE } from './client-frames.ts';

const FINAL = 0x80;
const SHORT_BYTES_MAX = 125;
const MEDIUM = 126;
const MEDIUM_BYTES_MAX = 0xffff;
const LONG = 127;

/**
 * Frames of a server's (RFC 6455, section 5.2) as text of one character a byte: so the header and
 * the payload, and as many frames as go out together, are one piece and take one write.
 */

/** A whole text frame. */
export function textFrame(text: string): string {
  // What is ASCII is its own UTF-8, and that is nearly all that a node says.
  const payload =
    Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString('latin1');
  return header(OPCODE.text, payload.length) + payload;
}

/** @param payload at most 125 bytes */
export function controlFrame(opcode: number, payload: Buffer): string {
  return header(opcode, payload.length) + payload.toString('latin1');
}

/** @param code null: a close frame without one */
export function closeFrame(code: number | null, reason: Buffer): string {
  if (code === null) return header(OPCODE.close, 0);
  return controlFrame(OPCODE.close, Buffer.concat([Buffer.of(code >> 8, code & 0xff), reason]));
}

function header(opcode: number, length: number): string {
  const first = FINAL | opcode;
  if (length <= SHORT_BYTES_MAX) return String.fromCharCode(first, length);
  if (length <= MEDIUM_BYTES_MAX) {
    return String.fromCharCode(first, MEDIUM, length >> 8, length & 0xff);
  }
  // Four of its eight bytes are enough for any string.
  const bytes = [24, 16, 8, 0].map((shift) => (length >>> shift) & 0xff);
  return String.fromCharCode(first, LONG, 0, 0, 0, 0, ...bytes);
}
