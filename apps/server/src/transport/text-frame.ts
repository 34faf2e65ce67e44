/** The first byte of a text frame, which consists of FIN and the opcode (RFC 6455, section 5.2). */
const FINAL_TEXT = 0x81;
const SHORT_BYTES_MAX = 125;
const MEDIUM = 126;
const MEDIUM_BYTES_MAX = 0xffff;
const LONG = 127;

/**
 * Returns a complete text frame of the server as `latin1` text, so that header, payload and several
 * frames take one write. `ws` writes header and text separately, which costs about a sixth more.
 * The write is most of the cost of relaying a message.
 */
export function textFrame(text: string): string {
  // An ASCII text needs no encoding, because it is its own UTF-8. Nearly all messages are ASCII.
  const payload =
    Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString('latin1');
  return headerFor(payload.length) + payload;
}

function headerFor(length: number): string {
  if (length <= SHORT_BYTES_MAX) return String.fromCharCode(FINAL_TEXT, length);
  if (length <= MEDIUM_BYTES_MAX) {
    return String.fromCharCode(FINAL_TEXT, MEDIUM, length >> 8, length & 0xff);
  }
  // Four of the header's eight length bytes are enough for the length of any string.
  const bytes = [24, 16, 8, 0].map((shift) => (length >>> shift) & 0xff);
  return String.fromCharCode(FINAL_TEXT, LONG, 0, 0, 0, 0, ...bytes);
}
