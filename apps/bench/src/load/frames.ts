/** Opcodes of RFC 6455, section 5.2, that a relay uses. */
export const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Close code 1000, "normal closure", as the payload of a close frame. */
export const NORMAL_CLOSURE = Buffer.of(0x03, 0xe8);

const FINAL = 0x80;
const MASKED = 0x80;
/** A payload of at most so many bytes has its length in the header's second byte. */
const SHORT_BYTES_MAX = 125;
const MEDIUM = 126;
const LONG = 127;
const MEDIUM_BYTES_MAX = 0xffff;

/**
 * One whole client frame, ready for the wire (RFC 6455, section 5.2).
 *
 * @param mask the masking key, four bytes; not zero, with which `ws` would skip its unmasking and
 *   be measured without it
 * @throws RangeError for a payload of more than 65,535 bytes, which no page of ours sends
 */
export function clientFrame(opcode: number, payload: Buffer, mask: Buffer): Buffer {
  const { length } = payload;
  if (length > MEDIUM_BYTES_MAX) throw new RangeError(`a frame of ${length} bytes is too long`);
  const isShort = length <= SHORT_BYTES_MAX;
  const maskAt = isShort ? 2 : 4;
  const payloadAt = maskAt + 4;
  const frame = Buffer.allocUnsafe(payloadAt + length);
  frame[0] = FINAL | opcode;
  if (isShort) {
    frame[1] = MASKED | length;
  } else {
    frame[1] = MASKED | MEDIUM;
    frame.writeUInt16BE(length, 2);
  }
  for (let i = 0; i < 4; i++) frame[maskAt + i] = mask[i] ?? 0;
  for (let i = 0; i < length; i++) {
    frame[payloadAt + i] = (payload[i] ?? 0) ^ (mask[i & 3] ?? 0);
  }
  return frame;
}

/** Given each frame of the server's. The payload is a view of the chunk: read it at once. */
export type TakeFrame = (opcode: number, payload: Buffer) => void;

/**
 * Cuts what a server sends into frames, however the bytes are dealt out. It reads no more of the
 * protocol than a load generator needs: whole, unmasked frames.
 */
export class FrameReader {
  #rest: Buffer | null = null;

  /** @throws Error for a frame that is masked or a fragment: no server here sends such */
  push(chunk: Buffer, take: TakeFrame): void {
    const bytes = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (;;) {
      const size = frameSize(bytes, at);
      if (size === null || at + size.header + size.payload > bytes.length) break;
      const first = bytes[at] ?? 0;
      if ((first & FINAL) === 0) throw new Error('the server sent a fragment');
      const payloadAt = at + size.header;
      at = payloadAt + size.payload;
      take(first & 0x0f, bytes.subarray(payloadAt, at));
    }
    this.#rest = at === bytes.length ? null : bytes.subarray(at);
  }
}

/** Null while the header is not all there. */
function frameSize(bytes: Buffer, at: number): { header: number; payload: number } | null {
  const second = bytes[at + 1];
  if (second === undefined) return null;
  if ((second & MASKED) !== 0) throw new Error('the server masked a frame');
  switch (second) {
    case MEDIUM:
      return at + 4 > bytes.length ? null : { header: 4, payload: bytes.readUInt16BE(at + 2) };
    case LONG:
      return at + 10 > bytes.length
        ? null
        : { header: 10, payload: Number(bytes.readBigUInt64BE(at + 2)) };
    default:
      return { header: 2, payload: second };
  }
}
