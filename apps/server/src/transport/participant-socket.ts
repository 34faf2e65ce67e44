import type { Duplex } from 'node:stream';
import { assert } from '@farandole/kernel/assert';
import type { ConnectionId } from '@farandole/kernel/id';
import { CLOSES, type CloseReason } from '@farandole/protocol/close-codes';
import { type RawData, WebSocket } from 'ws';
import { FLUSH_CHARS, REFUSED_BYTES_MAX, SEND_BUFFER_BYTES_MAX } from '../limits.ts';
import type { Slot } from './sweep-wheel.ts';
import { textFrame } from './text-frame.ts';

/** What a socket tells of itself. */
export interface SocketOwner {
  /**
   * How long it has listened, up to the last tick: near enough for all that is asked of it. Of a
   * pause of this process, which is no silence of theirs, a second is in it at most.
   */
  readonly listenedMs: number;
  /** Something is queued, and nothing was before: `flush` is to be called within this turn. */
  socketQueued(socket: ParticipantSocket): void;
  socketSaid(socket: ParticipantSocket, text: string, byteLength: number): void;
  socketPinged(socket: ParticipantSocket): void;
  /** This end is about to close it. @returns whether it is held first, until `release` is called */
  socketRefused(socket: ParticipantSocket, reason: CloseReason): boolean;
  /** It is gone. @param code of the client's close frame, or what RFC 6455 says in its place */
  socketClosed(socket: ParticipantSocket, code: number): void;
}

/** What a socket is given when it opens, and keeps. */
interface Belonging {
  readonly id: ConnectionId;
  readonly network: string;
  /** What `ws` reads and writes. */
  readonly stream: Duplex;
  readonly owner: SocketOwner;
}

/**
 * A WebSocket whose every close has a reason of ours. `ws` closes by itself on a frame that it
 * cannot read, with a bare code of RFC 6455 and no reason; this says it in the protocol's words.
 * What is said to it within a turn goes out in one write at its end.
 */
export class ParticipantSocket extends WebSocket {
  /** Why this end closed it, or null: it is open, or the other end closed it. */
  closedFor: CloseReason | null = null;
  /** When anything last came from it. */
  heardAtListenedMs = 0;
  pingedAtListenedMs = 0;
  /** Pings of the client's since ours. */
  clientPings = 0;
  /** Whether whoever is told of closes was told of this one, before it is gone. */
  isForgotten = false;
  /** With whom it is swept; null until its owner has put it there. */
  slot: Slot<ParticipantSocket> | null = null;
  #belonging: Belonging | null = null;
  /** Frames for the next write, one character a byte. */
  #queued = '';

  get id(): ConnectionId {
    return this.#mine.id;
  }

  get network(): string {
    return this.#mine.network;
  }

  get isOpen(): boolean {
    return this.readyState === this.OPEN && this.closedFor === null;
  }

  /** It is to be closed, and has not been told. */
  get #isHeld(): boolean {
    return this.readyState === this.OPEN && this.closedFor !== null;
  }

  get #mine(): Belonging {
    assert(this.#belonging !== null, 'a socket has begun');
    return this.#belonging;
  }

  /** Listens, once `ws` has answered the handshake. */
  begin(belonging: Belonging): void {
    this.#belonging = belonging;
    this.heardAtListenedMs = belonging.owner.listenedMs;
    this.pingedAtListenedMs = belonging.owner.listenedMs;
    // Functions that all sockets share: a closure for each would be kept for as long as it.
    this.on('message', onMessage);
    this.on('ping', onPing);
    this.on('pong', onPong);
    this.on('close', onClose);
    // `ws` closes by itself after each of its errors, and 'close' follows.
    this.on('error', ignore);
  }

  /** Queues a text frame. A client that does not take what it is sent is closed. */
  say(text: string): void {
    if (!this.isOpen) return;
    if (this.#queued === '') this.#mine.owner.socketQueued(this);
    this.#queued += textFrame(text);
    if (this.#queued.length > FLUSH_CHARS) this.flush();
  }

  /** Writes what is queued. */
  flush(): void {
    const bytes = this.#queued;
    this.#queued = '';
    if (bytes === '' || !this.isOpen) return;
    // Beside `ws`, which keeps nothing back where nothing is compressed: the order stays.
    this.#mine.stream.write(bytes, 'latin1');
    if (this.bufferedAmount > SEND_BUFFER_BYTES_MAX) this.closeFor('slow-consumer');
  }

  /** What still comes flows away, as `ws` has it do behind a frame that it cannot read. */
  #hold(): void {
    const { stream } = this.#mine;
    // The hold is longer than what is left of the time in which nothing need have come.
    this.hear();
    let bytesLeft = REFUSED_BYTES_MAX;
    stream.removeAllListeners('data');
    stream.on('data', (bytes: Buffer) => {
      bytesLeft -= bytes.byteLength;
      if (bytesLeft < 0) this.terminate();
    });
  }

  /** What is behind the frame for which it is held, in one piece with it, `ws` still reads: pings… */
  override pong(data?: unknown, mask?: boolean, done?: (error: Error) => void): void {
    if (!this.#isHeld) super.pong(data, mask, done);
    // One that is owed counts, and of sixty `ws` would let go.
    else (done as (() => void) | undefined)?.();
  }

  /** …and a close frame, which ends the hold no sooner. */
  override close(code?: number, reason?: string | Buffer): void {
    if (this.#isHeld) return;
    const fault = reason === undefined ? faultOf(code) : null;
    if (fault !== null) {
      this.closeFor(fault);
      return;
    }
    this.flush();
    super.close(code, reason);
  }

  /**
   * Sends what is queued, then a close frame with the code and word of the reason: at once, or when
   * it was held for a while.
   */
  closeFor(reason: CloseReason): void {
    if (this.#isHeld) return;
    this.flush();
    const mayBeHeld = this.isOpen;
    this.closedFor ??= reason;
    if (mayBeHeld && this.#mine.owner.socketRefused(this, reason)) this.#hold();
    else super.close(CLOSES[reason].code, reason);
  }

  /** Closes one that is held. What came from it meanwhile was thrown away unread. */
  release(): void {
    if (!this.#isHeld || this.closedFor === null) return;
    const { stream } = this.#mine;
    super.close(CLOSES[this.closedFor].code, this.closedFor);
    // Its answer is not read, so this end is the first to end.
    stream.end();
  }

  hear(): void {
    this.heardAtListenedMs = this.#mine.owner.listenedMs;
  }

  take(data: RawData, isBinary: boolean): void {
    // Frames that were on their way when this end closed.
    if (!this.isOpen) return;
    this.hear();
    // `ws` gives Buffers unless its binaryType is changed.
    if (isBinary || !Buffer.isBuffer(data)) this.closeFor('malformed');
    else this.#mine.owner.socketSaid(this, data.toString('utf8'), data.byteLength);
  }

  takePing(): void {
    this.hear();
    this.#mine.owner.socketPinged(this);
  }

  lose(code: number): void {
    this.#queued = '';
    this.#mine.owner.socketClosed(this, code);
  }
}

function ours(socket: WebSocket): ParticipantSocket {
  assert(socket instanceof ParticipantSocket, 'a socket of the listener');
  return socket;
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  ours(this).take(data, isBinary);
}

function onPing(this: WebSocket): void {
  ours(this).takePing();
}

function onPong(this: WebSocket): void {
  ours(this).hear();
}

function onClose(this: WebSocket, code: number): void {
  ours(this).lose(code);
}

function ignore(): void {}

/** What the codes mean with which `ws` gives up reading (RFC 6455, section 7.4.1). */
function faultOf(code: number | undefined): CloseReason | null {
  switch (code) {
    // Protocol error, data of the wrong kind, text that is not UTF-8.
    case 1002:
    case 1003:
    case 1007:
      return 'malformed';
    // Too many fragments or pieces, too many bytes.
    case 1008:
    case 1009:
      return 'too-large';
    case undefined:
    default:
      return null;
  }
}
