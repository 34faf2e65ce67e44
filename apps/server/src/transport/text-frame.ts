/** FIN and the opcode of text (RFC 6455, section 5.2). */
const FINAL_TEXT = 0x81;
const SHORT_BYTES_MAX = 125;
const MEDIUM = 126;
const MEDIUM_BYTES_MAX = 0xffff;
const LONG = 127;

/**
 * A whole text frame of a server's, as text of one character a byte (`latin1`): so its header and
 * its payload, and as many frames as go out together, are one piece and take one write.
 *
 * `ws` writes a frame's header and its text one by one, which costs about a sixth of the whole
 * write more; and the write is most of what a relayed message costs.
 */
export function textFrame(text: string): string {
  // What is ASCII is its own UTF-8, and that is nearly all that a node says.
  const payload =
    Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString('latin1');
  return headerFor(payload.length) + payload;
}

function headerFor(length: number): string {
  if (length <= SHORT_BYTES_MAX) return String.fromCharCode(FINAL_TEXT, length);
  if (length <= MEDIUM_BYTES_MAX) {
    return String.fromCharCode(FINAL_TEXT, MEDIUM, length >> 8, length & 0xff);
  }
  // Four of its eight bytes are enough for any string.
  const bytes = [24, 16, 8, 0].map((shift) => (length >>> shift) & 0xff);
  return String.fromCharCode(FINAL_TEXT, LONG, 0, 0, 0, 0, ...bytes);
}
