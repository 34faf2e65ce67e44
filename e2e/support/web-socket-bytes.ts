/** Builds and reads frames of RFC 6455, section 5, including invalid ones. */

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const FINAL = 0x80;
const MASKED = 0x80;

export interface FrameParts {
  readonly opcode: number;
  readonly payload?: Buffer;
  /** Whether the frame is the last or only one of its message. True by default. */
  readonly isFinal?: boolean;
  /** Reserved bits RSV1 to RSV3, as a number from 0 to 7. */
  readonly reserved?: number;
  /** Mask of the frame; null for an unmasked frame, which clients must not send. */
  readonly mask?: Buffer | null;
  /** Size of the frame's length field in bytes. It may be larger than necessary. */
  readonly lengthBytes?: 1 | 3 | 9;
}

/** The mask isn't zero, so that the server's unmasking is tested. */
const MASK = Buffer.of(0x37, 0xfa, 0x21, 0x3d);

export function clientFrame(parts: FrameParts): Buffer {
  const { opcode, payload = Buffer.alloc(0), isFinal = true, reserved = 0, mask = MASK } = parts;
  const { length } = payload;
  const lengthBytes = parts.lengthBytes ?? (length < 126 ? 1 : length < 65_536 ? 3 : 9);
  const header = Buffer.alloc(1 + lengthBytes);
  header[0] = (isFinal ? FINAL : 0) | (reserved << 4) | opcode;
  const isMasked = mask === null ? 0 : MASKED;
  if (lengthBytes === 1) header[1] = isMasked | length;
  else header[1] = isMasked | (lengthBytes === 3 ? 126 : 127);
  if (lengthBytes === 3) header.writeUInt16BE(length, 2);
  if (lengthBytes === 9) header.writeBigUInt64BE(BigInt(length), 2);
  if (mask === null) return Buffer.concat([header, payload]);
  const masked = Buffer.from(payload);
  for (let i = 0; i < length; i++) masked[i] = (masked[i] ?? 0) ^ (mask[i & 3] ?? 0);
  return Buffer.concat([header, mask, masked]);
}

export function textFrame(text: string): Buffer {
  return clientFrame({ opcode: OPCODE.text, payload: Buffer.from(text) });
}

/** @param code a close code of RFC 6455, section 7.4, or null for a frame without a body */
export function closeFrame(code: number | null, reason: string | Buffer = ''): Buffer {
  if (code === null) return clientFrame({ opcode: OPCODE.close });
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code);
  return clientFrame({ opcode: OPCODE.close, payload: Buffer.concat([head, Buffer.from(reason)]) });
}

export interface ServerFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/**
 * Splits a server's output into frames. Checks that each frame is unfragmented, unmasked and
 * without extensions (RFC 6455, section 5).
 */
export class ServerFrames {
  #rest: Buffer | null = null;

  /** @throws RangeError for a frame that our server must not send */
  push(chunk: Buffer, take: (frame: ServerFrame) => void): void {
    const bytes = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (;;) {
      const [first, second] = [bytes[at], bytes[at + 1]];
      if (first === undefined || second === undefined) break;
      if ((first & 0xf0) !== FINAL || (second & MASKED) !== 0) {
        throw new RangeError(`the server sent a frame that begins ${first} ${second}`);
      }
      const header = second === 126 ? 4 : second === 127 ? 10 : 2;
      if (at + header > bytes.length) break;
      let length = second;
      if (header === 4) length = bytes.readUInt16BE(at + 2);
      if (header === 10) length = Number(bytes.readBigUInt64BE(at + 2));
      const end = at + header + length;
      if (end > bytes.length) break;
      take({ opcode: first & 0x0f, payload: bytes.subarray(at + header, end) });
      at = end;
    }
    this.#rest = at === bytes.length ? null : bytes.subarray(at);
  }
}

/** The example key of RFC 6455, section 1.3. The constant below is the accept value for it. */
export const HANDSHAKE_KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
export const HANDSHAKE_ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

export function upgradeRequest(path: string, host: string, lines: readonly string[]): string {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${HANDSHAKE_KEY}`,
    ...lines,
    '',
    '',
  ].join('\r\n');
}

export interface Head {
  readonly head: string;
  readonly rest: Buffer;
}

/** Splits an HTTP head from the bytes after it. Returns null while the head is incomplete. */
export function splitHead(bytes: Buffer): Head | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return null;
  return { head: bytes.toString('latin1', 0, end), rest: bytes.subarray(end + 4) };
}
