import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ConnectionId } from '@farandole/kernel/id';
import { CLOSES, type CloseReason } from '@farandole/protocol/close-codes';
import { FLUSH_CHARS, SEND_BUFFER_BYTES_MAX } from '../limits.ts';
import { ClientFrames, type FrameSink, NO_CODE, OPCODE } from './client-frames.ts';
import { closeFrame, controlFrame, textFrame } from './server-frames.ts';
import type { Slot } from './sweep-wheel.ts';

/** The code of a connection that ended without a close frame (RFC 6455, section 7.1.5). */
const NO_CLOSE_FRAME = 1006;
const EMPTY = Buffer.alloc(0);

/** What a socket tells of itself. */
export interface SocketOwner {
  /** The moment of the last tick: near enough for all that is asked of it. */
  readonly nowMonotonicMs: number;
  /** Something is queued, and nothing was before: `flush` is to be called within this turn. */
  socketQueued(socket: ParticipantSocket): void;
  socketSaid(socket: ParticipantSocket, text: string, byteLength: number): void;
  socketPinged(socket: ParticipantSocket): void;
  /** It closes, by whosever wish: it is to be destroyed if it does not end by itself soon. */
  socketCloses(socket: ParticipantSocket): void;
  /** It is gone. @param code of the client's close frame, or what RFC 6455 says in its place */
  socketClosed(socket: ParticipantSocket, code: number): void;
}

/** A reader that keeps nothing is anybody's: chunks are read one after the other. */
let spareFrames = new ClientFrames();

const PARTICIPANT = Symbol('participant');

/** A stream that knows whose it is, so that all sockets share their listeners. */
interface OwnedStream extends Duplex {
  [PARTICIPANT]: ParticipantSocket;
}

/**
 * The server's end of one WebSocket (RFC 6455) over a stream that was upgraded. What is sent within
 * a turn goes out in one write at its end. Every close has a reason of ours.
 */
export class ParticipantSocket implements FrameSink {
  readonly id: ConnectionId;
  readonly network: string;
  /** Why this end closed it, or null: it is open, or the other end closed it. */
  closedFor: CloseReason | null = null;
  /** When anything last came from it. */
  heardAtMonotonicMs: number;
  pingedAtMonotonicMs: number;
  /** Pings of the client's since ours. */
  clientPings = 0;
  /** With whom it is swept; null until its owner has put it there. */
  slot: Slot<ParticipantSocket> | null = null;
  readonly #stream: OwnedStream;
  readonly #owner: SocketOwner;
  /** What reads its frames; null while nothing is kept for it, which is nearly always. */
  #frames: ClientFrames | null = null;
  #isOpen = true;
  #clientCode = NO_CLOSE_FRAME;
  /** Frames for the next write, one character a byte. */
  #queued = '';

  constructor(id: ConnectionId, network: string, stream: Duplex, owner: SocketOwner) {
    this.id = id;
    this.network = network;
    this.heardAtMonotonicMs = owner.nowMonotonicMs;
    this.pingedAtMonotonicMs = owner.nowMonotonicMs;
    this.#owner = owner;
    const owned = stream as OwnedStream;
    owned[PARTICIPANT] = this;
    this.#stream = owned;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * Answers the handshake, and listens.
   *
   * @param head what of the client's first frames came with its request
   */
  begin(answer: string, head: Buffer): void {
    const stream = this.#stream;
    if (stream instanceof Socket) {
      stream.setTimeout(0);
      stream.setNoDelay(true);
    }
    this.#queue(answer);
    if (head.length > 0) stream.unshift(head);
    stream.on('data', onData);
    stream.on('end', onEnd);
    stream.on('close', onClose);
    stream.on('error', onError);
  }

  /** Queues a text frame. A client that does not take what it is sent is closed. */
  send(text: string): void {
    if (this.#isOpen) this.#queue(textFrame(text));
  }

  sendPing(): void {
    if (this.#isOpen) this.#queue(controlFrame(OPCODE.ping, EMPTY));
  }

  /** Sends what is queued, then a close frame with the code and word of the reason. */
  closeFor(reason: CloseReason): void {
    if (!this.#isOpen) return;
    this.closedFor ??= reason;
    this.#close(closeFrame(CLOSES[reason].code, Buffer.from(reason)));
  }

  /** Ends it at once, without a word: nobody is there to hear one. */
  destroy(): void {
    this.#isOpen = false;
    this.#queued = '';
    this.#stream.destroy();
  }

  /** Writes what is queued. */
  flush(): void {
    const bytes = this.#queued;
    if (bytes === '') return;
    this.#queued = '';
    this.#stream.write(bytes, 'latin1');
    if (this.#stream.writableLength > SEND_BUFFER_BYTES_MAX) this.closeFor('slow-consumer');
  }

  text(text: string, byteLength: number): void {
    // Frames that were on their way when this end closed.
    if (!this.#isOpen) return;
    this.#owner.socketSaid(this, text, byteLength);
  }

  ping(payload: Buffer): void {
    if (!this.#isOpen) return;
    this.#queue(controlFrame(OPCODE.pong, payload));
    this.#owner.socketPinged(this);
  }

  pong(): void {}

  /** The client closes, or answers our close frame: its own is given back, and no more is said. */
  closing(code: number, reason: Buffer): void {
    this.#clientCode = code;
    if (this.#isOpen) this.#close(closeFrame(code === NO_CODE ? null : code, reason));
    this.#stream.end();
  }

  /** The next bytes of the client's. */
  take(chunk: Buffer): void {
    this.heardAtMonotonicMs = this.#owner.nowMonotonicMs;
    const frames = this.#frames ?? spareFrames;
    const fault = frames.read(chunk, this);
    this.#keep(frames);
    if (fault === null) return;
    this.closeFor(fault);
    this.#stream.end();
  }

  /** The client will say nothing more. */
  finish(): void {
    if (this.#isOpen) this.#owner.socketCloses(this);
    this.#isOpen = false;
    this.flush();
    this.#stream.end();
  }

  /** The stream is gone. */
  lose(): void {
    this.#isOpen = false;
    this.#queued = '';
    this.#owner.socketClosed(this, this.#clientCode);
  }

  /** Keeps the reader for as long as it keeps something. */
  #keep(frames: ClientFrames): void {
    if (frames.isIdle) {
      this.#frames = null;
    } else if (this.#frames === null) {
      this.#frames = frames;
      spareFrames = new ClientFrames();
    }
  }

  #close(frame: string): void {
    this.#isOpen = false;
    this.#queue(frame);
    this.flush();
    this.#owner.socketCloses(this);
  }

  #queue(bytes: string): void {
    if (this.#queued === '') this.#owner.socketQueued(this);
    this.#queued += bytes;
    if (this.#queued.length > FLUSH_CHARS) this.flush();
  }
}

function onData(this: OwnedStream, chunk: Buffer): void {
  this[PARTICIPANT].take(chunk);
}

function onEnd(this: OwnedStream): void {
  this[PARTICIPANT].finish();
}

function onClose(this: OwnedStream): void {
  this[PARTICIPANT].lose();
}

/** 'close' follows, and is what the owner is told of. */
function onError(this: OwnedStream): void {
  this.destroy();
}
