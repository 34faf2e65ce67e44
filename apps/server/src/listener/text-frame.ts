/** FIN and the opcode of text (RFC 6455, section 5.2). */
const FINAL_TEXT = 0x81;
const SHORT_BYTES_MAX = 125;
const MEDIUM = 126;
const MEDIUM_BYTES_MAX = 0xffff;

/**
 * A whole text frame of a server's, one byte a character (`latin1`), or null for a text that is not
 * ASCII or has more than 65,535 characters: what one character is in UTF-8 is not one byte then.
 *
 * `ws` writes a frame's header and its text one by one, which costs about a sixth of the whole
 * write more; and the write is most of what a relayed message costs.
 */
export function asciiTextFrame(text: string): string | null {
  const { length } = text;
  if (length > MEDIUM_BYTES_MAX || Buffer.byteLength(text) !== length) return null;
  const header =
    length <= SHORT_BYTES_MAX
      ? String.fromCharCode(FINAL_TEXT, length)
      : String.fromCharCode(FINAL_TEXT, MEDIUM, length >> 8, length & 0xff);
  return header + text;
}
