import { isUtf8 } from 'node:buffer';
import { CLIENT_FRAME_BYTES_MAX } from '@farandole/protocol/limits';
import { BUFFERED_CHUNKS_MAX, FRAGMENTS_MAX } from '../limits.ts';

/** Why bytes are no frames that a page sends; each is a close reason of the protocol. */
export type FrameFault = 'malformed' | 'too-large';

/** Given what a client says, in the order in which it said it. Payloads are to be read at once. */
export interface FrameSink {
  /** One whole message. @param byteLength its size in UTF-8 */
  text(text: string, byteLength: number): void;
  ping(payload: Buffer): void;
  pong(): void;
  /** Nothing is read after it. @param code `NO_CODE` where the frame has none */
  closing(code: number, reason: Buffer): void;
}

/** The code of a close frame without one (RFC 6455, section 7.1.5). */
export const NO_CODE = 1005;

/** RFC 6455, section 5.2. */
export const OPCODE = { continuation: 0, text: 1, close: 8, ping: 9, pong: 10 } as const;

const FINAL = 0x80;
const RESERVED = 0x70;
const MASKED = 0x80;
const CONTROL = 0x08;
const CONTROL_BYTES_MAX = 125;
const MEDIUM = 126;
const LONG = 127;
const MASK_BYTES = 4;

/** Parts of a message of which the last has not come. */
interface Fragments {
  readonly parts: Buffer[];
  bytes: number;
}

/**
 * Cuts what a client sends into messages (RFC 6455, section 5), however the bytes are dealt out.
 * It knows no extension and no binary message, since none is spoken here. What it keeps between
 * two chunks is one frame and one message at most, and for most sockets nothing at all.
 */
export class ClientFrames {
  /** The beginning of a frame of which more is to come. */
  #rest: Buffer | null = null;
  /** In how many pieces that frame has come so far. */
  #pieces = 0;
  #fragments: Fragments | null = null;
  #isOver = false;

  /** Whether nothing is kept, as before the first chunk. */
  get isIdle(): boolean {
    return this.#rest === null && this.#fragments === null && !this.#isOver;
  }

  /**
   * Takes the next bytes, which are unmasked in place.
   *
   * @returns the fault that makes the rest unreadable; nothing is read after it
   */
  read(chunk: Buffer, sink: FrameSink): FrameFault | null {
    if (this.#isOver) return null;
    let bytes = chunk;
    if (this.#rest !== null) {
      if (this.#pieces >= BUFFERED_CHUNKS_MAX) return this.#fail('too-large');
      bytes = Buffer.concat([this.#rest, chunk]);
    }
    let at = 0;
    while (at < bytes.length && !this.#isOver) {
      const end = this.#readFrame(bytes, at, sink);
      if (typeof end !== 'number') {
        if (end !== 'more') return this.#fail(end);
        break;
      }
      at = end;
      this.#pieces = 0;
    }
    if (this.#isOver || at === bytes.length) {
      this.#rest = null;
    } else {
      // Copied out of the chunk, which would otherwise be kept for these few bytes of it.
      this.#rest = at === 0 && bytes !== chunk ? bytes : Buffer.from(bytes.subarray(at));
      this.#pieces += 1;
    }
    return null;
  }

  /** Reads the frame that begins at `at`, and says where it ends. */
  #readFrame(bytes: Buffer, at: number, sink: FrameSink): number | 'more' | FrameFault {
    const first = bytes[at] ?? 0;
    const second = bytes[at + 1];
    if (second === undefined) return 'more';
    const opcode = first & 0x0f;
    const isFinal = (first & FINAL) !== 0;
    const length = second & ~MASKED;
    // A server that takes what is not masked helps to poison caches (section 5.1).
    if ((first & RESERVED) !== 0 || (second & MASKED) === 0) return 'malformed';
    if ((opcode & CONTROL) !== 0) {
      if (!isFinal || length > CONTROL_BYTES_MAX) return 'malformed';
      if (opcode > OPCODE.pong || (opcode === OPCODE.close && length === 1)) return 'malformed';
    } else if (opcode !== (this.#fragments === null ? OPCODE.text : OPCODE.continuation)) {
      return 'malformed';
    }
    let size = length;
    let maskAt = at + 2;
    if (length === MEDIUM) {
      maskAt += 2;
      if (maskAt > bytes.length) return 'more';
      size = bytes.readUInt16BE(at + 2);
    } else if (length === LONG) {
      maskAt += 8;
      if (maskAt > bytes.length) return 'more';
      // Sizes that a number cannot tell exactly are far beyond the limit all the same.
      size = bytes.readUInt32BE(at + 2) * 2 ** 32 + bytes.readUInt32BE(at + 6);
    }
    // Judged as soon as it is announced, so that nothing of it is kept.
    if (size + (this.#fragments?.bytes ?? 0) > CLIENT_FRAME_BYTES_MAX) return 'too-large';
    const from = maskAt + MASK_BYTES;
    const to = from + size;
    if (to > bytes.length) return 'more';
    const isAscii = unmask(bytes, maskAt, from, to);
    const fault =
      (opcode & CONTROL) === 0
        ? this.#takeData(bytes, from, to, isFinal, isAscii, sink)
        : this.#takeControl(opcode, bytes.subarray(from, to), sink);
    return fault ?? to;
  }

  #takeData(
    bytes: Buffer,
    from: number,
    to: number,
    isFinal: boolean,
    isAscii: boolean,
    sink: FrameSink,
  ): FrameFault | null {
    const fragments = this.#fragments;
    if (fragments === null && isFinal) {
      // The way of nearly every frame of a page: its letters are its bytes.
      if (isAscii) sink.text(bytes.toString('latin1', from, to), to - from);
      else return tellText(bytes.subarray(from, to), sink);
      return null;
    }
    return this.#takePart(
      fragments ?? { parts: [], bytes: 0 },
      bytes.subarray(from, to),
      isFinal,
      sink,
    );
  }

  #takePart(
    fragments: Fragments,
    part: Buffer,
    isFinal: boolean,
    sink: FrameSink,
  ): FrameFault | null {
    if (fragments.parts.length >= FRAGMENTS_MAX) return 'too-large';
    fragments.parts.push(Buffer.from(part));
    fragments.bytes += part.length;
    this.#fragments = isFinal ? null : fragments;
    return isFinal ? tellText(Buffer.concat(fragments.parts), sink) : null;
  }

  #takeControl(opcode: number, payload: Buffer, sink: FrameSink): FrameFault | null {
    if (opcode === OPCODE.ping) {
      sink.ping(payload);
    } else if (opcode === OPCODE.pong) {
      sink.pong();
    } else {
      const code = payload.length === 0 ? NO_CODE : payload.readUInt16BE();
      const reason = payload.subarray(2);
      if (payload.length > 0 && !(mayBeSent(code) && isUtf8(reason))) return 'malformed';
      this.#isOver = true;
      sink.closing(code, reason);
    }
    return null;
  }

  #fail(fault: FrameFault): FrameFault {
    this.#isOver = true;
    this.#rest = null;
    this.#fragments = null;
    return fault;
  }
}

function tellText(bytes: Buffer, sink: FrameSink): FrameFault | null {
  if (!isUtf8(bytes)) return 'malformed';
  sink.text(bytes.toString('utf8'), bytes.length);
  return null;
}

/** Unmasks a payload where it lies (RFC 6455, section 5.3); true when all of it is ASCII. */
function unmask(bytes: Buffer, maskAt: number, from: number, to: number): boolean {
  let seen = 0;
  for (let at = from, turn = 0; at < to; at++, turn = (turn + 1) & 3) {
    const byte = (bytes[at] ?? 0) ^ (bytes[maskAt + turn] ?? 0);
    bytes[at] = byte;
    seen |= byte;
  }
  return seen < 0x80;
}

/** Whether a close frame may carry this code (RFC 6455, section 7.4; RFC 6455 at IANA since). */
function mayBeSent(code: number): boolean {
  if (code >= 3_000) return code <= 4_999;
  return code >= 1_000 && code <= 1_014 && (code < 1_004 || code > 1_006);
}
