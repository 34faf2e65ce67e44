import { assert } from '@farandole/kernel/assert';
import type { CloseReason } from '@farandole/protocol/close-codes';
import type { BunWebSocket } from './bun-api.ts';
import type { ParticipantSocket, SocketDriver } from './participant-socket.ts';

const OPEN = 1;
/** Bytes that a client's frame has besides a short payload: header and mask (RFC 6455, 5.2). */
const FRAME_HEADER_BYTES = 6;
/** Bun's close reason for a message above `maxPayloadLength`. */
const TOO_BIG = 'Received too big message';

/**
 * Adapts a WebSocket of Bun to `SocketDriver`. Bun reads, answers pings and joins fragments itself,
 * and ends the connection at an unreadable frame with a close code of RFC 6455.
 */
export class BunSocket implements SocketDriver {
  readonly #ws: BunWebSocket<unknown>;
  #participant: ParticipantSocket | null = null;
  #queued: string[] = [];
  #queuedBytes = 0;
  #received: ((byteLength: number) => void) | null = null;

  constructor(ws: BunWebSocket<unknown>) {
    this.#ws = ws;
  }

  attach(participant: ParticipantSocket): void {
    this.#participant = participant;
  }

  get participant(): ParticipantSocket {
    assert(this.#participant !== null, 'a socket is attached');
    return this.#participant;
  }

  get isOpen(): boolean {
    return this.#ws.readyState === OPEN;
  }

  get bufferedBytes(): number {
    return this.#ws.getBufferedAmount();
  }

  queue(text: string): number {
    this.#queued.push(text);
    this.#queuedBytes += Buffer.byteLength(text);
    return this.#queuedBytes;
  }

  flush(): void {
    const frames = this.#queued;
    this.#queued = [];
    this.#queuedBytes = 0;
    const [only] = frames;
    if (only === undefined || !this.isOpen) return;
    if (frames.length === 1) this.#ws.send(only);
    else {
      this.#ws.cork(() => {
        for (const frame of frames) this.#ws.send(frame);
      });
    }
  }

  ping(): void {
    this.#ws.ping();
  }

  /**
   * Does nothing, because Bun can't stop reading one socket. `FRAMES_WAITING_MAX` and
   * `FRAMES_WAITING_CHARS_MAX` limit the frames that wait.
   */
  pause(): void {}

  resume(): void {}

  /** Bun ends the connection after the close frame, and doesn't wait for the client's. */
  sendClose(code: number, reason: string): void {
    this.#ws.close(code, reason);
  }

  sendLastClose(code: number, reason: string): void {
    this.#ws.close(code, reason);
  }

  discardInput(received: (byteLength: number) => void): void {
    this.#received = received;
  }

  terminate(): void {
    this.#ws.terminate();
  }

  /** Called by Bun with a whole message. */
  message(message: string | Buffer): void {
    const byteLength = Buffer.byteLength(message);
    if (this.#received !== null) {
      this.#received(byteLength + FRAME_HEADER_BYTES);
      return;
    }
    if (typeof message === 'string') {
      this.participant.take(message, byteLength);
      return;
    }
    this.participant.hear();
    this.participant.closeFor('malformed');
  }

  /** Called by Bun before it answers a ping. */
  pinged(byteLength: number): void {
    if (this.#received === null) this.participant.takePing();
    else this.#received(byteLength + FRAME_HEADER_BYTES);
  }

  ponged(byteLength: number): void {
    if (this.#received === null) this.participant.hear();
    else this.#received(byteLength + FRAME_HEADER_BYTES);
  }

  /** Called by Bun when the connection is over, also from within `sendClose` and `terminate`. */
  closed(code: number, reason: string): void {
    const { participant } = this;
    // Only Bun gives a reason to this code: a client can't send it (RFC 6455, section 7.4.1).
    if (code === 1006 && reason !== '') participant.closedFor ??= faultOf(reason);
    // The owner must not hear of the end while it is closing the socket.
    process.nextTick(() => participant.lose(code));
  }
}

/** Returns the close reason for Bun's description of an unreadable frame. */
function faultOf(reason: string): CloseReason {
  return reason === TOO_BIG ? 'too-large' : 'malformed';
}
