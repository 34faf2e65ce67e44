import type { ConnectionId } from '@farandole/kernel/id';
import { CLOSES, type CloseReason } from '@farandole/protocol/close-codes';
import { FLUSH_CHARS, REFUSED_BYTES_MAX, SEND_BUFFER_BYTES_MAX } from '../limits.ts';
import type { Slot } from './sweep-wheel.ts';

/** One WebSocket of a library. An adapter implements it and reports its events to a `ParticipantSocket`. */
export interface SocketDriver {
  /** False once either end has sent a close frame, or the connection is lost. */
  readonly isOpen: boolean;
  /** Bytes written that the client has not taken yet. */
  readonly bufferedBytes: number;
  /** From now on calls `take`, `takePing`, `hear`, `closeFor` and `lose` of the socket. */
  attach(socket: ParticipantSocket): void;
  /** Queues a text frame. @returns the bytes queued since the last flush */
  queue(text: string): number;
  /** Writes the queued frames in one write; drops them if the socket is not open. */
  flush(): void;
  ping(): void;
  /** Sends a close frame and waits for the answer, at most `CLOSE_HANDSHAKE_MS`. */
  sendClose(code: number, reason: string): void;
  /** Sends a close frame and ends this side without reading the answer. */
  sendLastClose(code: number, reason: string): void;
  /** Reads no more frames. Calls `received` with the size of each piece that still comes. */
  discardInput(received: (byteLength: number) => void): void;
  /** Ends the connection without a close frame. */
  terminate(): void;
}

export interface SocketOwner {
  /**
   * Time spent listening, in ms, as of the last tick. A pause of this process counts as one second
   * at most: it is not the client's silence.
   */
  readonly listenedMs: number;
  /** The first frame since the last flush was queued: call `flush` within this turn. */
  socketQueued(socket: ParticipantSocket): void;
  socketSaid(socket: ParticipantSocket, text: string, byteLength: number): void;
  socketPinged(socket: ParticipantSocket): void;
  /** This end is about to close it. @returns whether to wait for `release` before the close frame */
  socketRefused(socket: ParticipantSocket, reason: CloseReason): boolean;
  /** The socket is gone. @param code of the client's close frame, or what RFC 6455 says in its place */
  socketClosed(socket: ParticipantSocket, code: number): void;
}

export interface ParticipantSocketParts {
  readonly id: ConnectionId;
  readonly network: string;
  readonly driver: SocketDriver;
  readonly owner: SocketOwner;
}

/**
 * One open WebSocket, whatever the library: bounds what is queued for it and gives every close a
 * reason of the protocol. Frames queued within a turn go out in one write at its end.
 */
export class ParticipantSocket {
  readonly id: ConnectionId;
  readonly network: string;
  /** Why this end closed it; null while it is open, or if the other end closed it. */
  closedFor: CloseReason | null = null;
  heardAtListenedMs: number;
  pingedAtListenedMs: number;
  /** Pings of the client since ours. */
  clientPings = 0;
  /** Whether its close was reported before it is gone. */
  isForgotten = false;
  /** The part of the sweep that visits it; null until its owner has added it. */
  slot: Slot<ParticipantSocket> | null = null;
  readonly #driver: SocketDriver;
  readonly #owner: SocketOwner;
  #hasQueued = false;

  constructor({ id, network, driver, owner }: ParticipantSocketParts) {
    this.id = id;
    this.network = network;
    this.#driver = driver;
    this.#owner = owner;
    this.heardAtListenedMs = owner.listenedMs;
    this.pingedAtListenedMs = owner.listenedMs;
    driver.attach(this);
  }

  get isOpen(): boolean {
    return this.#driver.isOpen && this.closedFor === null;
  }

  /** Whether its close frame waits for `release`. */
  get isHeld(): boolean {
    return this.#driver.isOpen && this.closedFor !== null;
  }

  /** Queues a text frame. Closes a client that does not read what it is sent. */
  say(text: string): void {
    if (!this.isOpen) return;
    if (!this.#hasQueued) this.#owner.socketQueued(this);
    this.#hasQueued = true;
    if (this.#driver.queue(text) > FLUSH_CHARS) this.flush();
  }

  flush(): void {
    if (!this.#hasQueued) return;
    this.#hasQueued = false;
    this.#driver.flush();
    if (this.isOpen && this.#driver.bufferedBytes > SEND_BUFFER_BYTES_MAX) {
      this.closeFor('slow-consumer');
    }
  }

  ping(): void {
    this.#driver.ping();
  }

  /** Sends what is queued, then a close frame with the code and word of the reason, perhaps later. */
  closeFor(reason: CloseReason): void {
    if (this.isHeld) return;
    this.flush();
    const mayBeHeld = this.isOpen;
    this.closedFor ??= reason;
    if (mayBeHeld && this.#owner.socketRefused(this, reason)) this.#hold();
    else this.#driver.sendClose(CLOSES[reason].code, reason);
  }

  /** Closes a socket that is held. Input in between was discarded. */
  release(): void {
    if (!this.isHeld || this.closedFor === null) return;
    this.#driver.sendLastClose(CLOSES[this.closedFor].code, this.closedFor);
  }

  terminate(): void {
    this.#driver.terminate();
  }

  hear(): void {
    this.heardAtListenedMs = this.#owner.listenedMs;
  }

  take(text: string, byteLength: number): void {
    // Frames may still arrive after this end closed.
    if (!this.isOpen) return;
    this.hear();
    this.#owner.socketSaid(this, text, byteLength);
  }

  takePing(): void {
    this.hear();
    this.#owner.socketPinged(this);
  }

  lose(code: number): void {
    this.#owner.socketClosed(this, code);
  }

  #hold(): void {
    // The hold outlasts what may be left of `SOCKET_SILENT_MS`.
    this.hear();
    let bytesLeft = REFUSED_BYTES_MAX;
    this.#driver.discardInput((byteLength) => {
      bytesLeft -= byteLength;
      if (bytesLeft < 0) this.terminate();
    });
  }
}
