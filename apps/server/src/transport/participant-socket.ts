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
  /**
   * Starts reporting events to the socket: calls its `take`, `takePing`, `hear`, `closeFor` and
   * `lose`.
   */
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
  /** Stops reading frames. Calls `received` with the size of each further chunk of input. */
  discardInput(received: (byteLength: number) => void): void;
  /** Ends the connection without a close frame. */
  terminate(): void;
}

export interface SocketOwner {
  /**
   * Time spent listening, in ms, as of the last tick. A pause of this process counts as at most one
   * second, because the client wasn't silent then.
   */
  readonly listenedMs: number;
  /** The first frame since the last flush was queued: call `flush` within this turn. */
  socketQueued(socket: ParticipantSocket): void;
  socketSaid(socket: ParticipantSocket, text: string, byteLength: number): void;
  socketPinged(socket: ParticipantSocket): void;
  /**
   * The server is about to close the socket. @returns whether to delay the close frame until
   * `release`
   */
  socketRefused(socket: ParticipantSocket, reason: CloseReason): boolean;
  /**
   * The socket is gone. @param code the client's close code, or RFC 6455's code for a missing one
   */
  socketClosed(socket: ParticipantSocket, code: number): void;
}

export interface ParticipantSocketParts {
  readonly id: ConnectionId;
  readonly network: string;
  readonly driver: SocketDriver;
  readonly owner: SocketOwner;
}

/**
 * One open WebSocket of any library. Limits its queue and closes it with one of the protocol's
 * reasons. Frames queued within an event-loop turn are sent in one write at its end.
 */
export class ParticipantSocket {
  readonly id: ConnectionId;
  readonly network: string;
  /** Why the server closed it; null while it is open, or if the client closed it. */
  closedFor: CloseReason | null = null;
  heardAtListenedMs: number;
  pingedAtListenedMs: number;
  /** Number of the client's pings since our last ping. */
  clientPings = 0;
  /** Whether its close was already reported. */
  isForgotten = false;
  /** The sweep's slot for this socket; null until its owner has added it. */
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

  /** Whether its close frame is delayed until `release`. */
  get isHeld(): boolean {
    return this.#driver.isOpen && this.closedFor !== null;
  }

  /** Queues a text frame. Closes a client that doesn't read. */
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

  /** Sends the queued frames, then a close frame, which may be delayed. */
  closeFor(reason: CloseReason): void {
    if (this.isHeld) return;
    this.flush();
    const mayBeHeld = this.isOpen;
    this.closedFor ??= reason;
    if (mayBeHeld && this.#owner.socketRefused(this, reason)) this.#hold();
    else this.#driver.sendClose(CLOSES[reason].code, reason);
  }

  /** Sends the delayed close frame. Input since the delay began was discarded. */
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
    // Frames may still arrive after the server closed.
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
    // Restarts the silence timeout, so that it doesn't end before the delay.
    this.hear();
    let bytesLeft = REFUSED_BYTES_MAX;
    this.#driver.discardInput((byteLength) => {
      bytesLeft -= byteLength;
      if (bytesLeft < 0) this.terminate();
    });
  }
}
