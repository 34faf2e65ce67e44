/** RFC 6455, section 5.2. */
export const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export const NORMAL_CLOSURE = Buffer.of(0x03, 0xe8);

const FINAL = 0x80;
const MASKED = 0x80;
/** Longer payloads use an extended length field. */
const SHORT_BYTES_MAX = 125;
const MEDIUM = 126;
const LONG = 127;
const MEDIUM_BYTES_MAX = 0xffff;

/**
 * Builds one whole client frame (RFC 6455, section 5.2).
 * @param mask four bytes, not zero: `ws` skips unmasking for zero
 * @throws RangeError for a payload of more than 65,535 bytes
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

/** The payload is a view of the chunk: read it at once. */
export type TakeFrame = (opcode: number, payload: Buffer) => void;

/** Splits a stream into frames. Supports only whole, unmasked frames. */
export class FrameReader {
  #rest: Buffer | null = null;

  /** @throws Error for a masked or fragmented frame */
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

/** Returns null while the header is incomplete. */
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
