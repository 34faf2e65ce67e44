import type { ConnectionId } from '@farandole/kernel/id';
import { CLOSES, type CloseReason } from '@farandole/protocol/close-codes';
import { FLUSH_CHARS, REFUSED_BYTES_MAX, SEND_BUFFER_BYTES_MAX } from '../limits.ts';
import type { Slot } from './sweep-wheel.ts';

/**
 * A WebSocket of any library. An adapter implements this interface and reports its events to a
 * `ParticipantSocket`.
 */
export interface SocketDriver {
  /** False once either end has sent a close frame or the connection is lost. */
  readonly isOpen: boolean;
  /** Number of written bytes that the client hasn't read yet. */
  readonly bufferedBytes: number;
  /**
   * Starts reporting events to the given socket. The driver calls its `take`, `takePing`, `hear`,
   * `closeFor` and `lose`.
   */
  attach(socket: ParticipantSocket): void;
  /**
   * Queues a text frame.
   *
   * @returns the number of bytes queued since the last flush
   */
  queue(text: string): number;
  /** Sends the queued frames in one write. Drops them if the socket isn't open. */
  flush(): void;
  ping(): void;
  /** Stops reading, so that TCP makes the client wait. Frames already received still arrive. */
  pause(): void;
  resume(): void;
  /** Sends a close frame and waits for the client's close frame, at most `CLOSE_HANDSHAKE_MS`. */
  sendClose(code: number, reason: string): void;
  /**
   * Sends a close frame and ends the sending side of the connection, without reading the client's
   * answer.
   */
  sendLastClose(code: number, reason: string): void;
  /** Stops reading frames. Afterwards calls `received` with the size of each chunk of input. */
  discardInput(received: (byteLength: number) => void): void;
  /** Ends the connection without a close frame. */
  terminate(): void;
}

export interface SocketOwner {
  /**
   * Time in ms that the node has spent listening, as of the last tick. A pause of the process adds
   * at most one second, because the client wasn't silent during the pause.
   */
  readonly listenedMs: number;
  /**
   * Called when the first frame since the last flush was queued. The owner calls the socket's
   * `flush` within this event-loop turn.
   */
  socketQueued(socket: ParticipantSocket): void;
  socketSaid(socket: ParticipantSocket, text: string, byteLength: number): void;
  socketPinged(socket: ParticipantSocket): void;
  /**
   * Called before the server closes the socket.
   *
   * @returns whether the close frame is delayed until `release`
   */
  socketRefused(socket: ParticipantSocket, reason: CloseReason): boolean;
  /**
   * Called when the socket is closed.
   *
   * @param code the client's close code, or RFC 6455's code for a missing one
   */
  socketClosed(socket: ParticipantSocket, code: number): void;
}

export interface ParticipantSocketParts {
  readonly id: ConnectionId;
  readonly network: string;
  /** The client's IP address. */
  readonly address: string;
  readonly driver: SocketDriver;
  readonly owner: SocketOwner;
}

/**
 * An open WebSocket of any library. This class limits the socket's send queue and closes the socket
 * with one of the protocol's reasons. Frames queued within an event-loop turn are sent in one write
 * at its end.
 */
export class ParticipantSocket {
  readonly id: ConnectionId;
  readonly network: string;
  readonly address: string;
  /**
   * The reason with which the server closed the socket. Null while the socket is open, or if the
   * client closed it.
   */
  closedFor: CloseReason | null = null;
  heardAtListenedMs: number;
  pingedAtListenedMs: number;
  /** Number of pings that the client sent since the server's last ping. */
  clientPings = 0;
  /** Whether the handler was already notified of the socket's close. */
  isForgotten = false;
  /** This socket's slot in the sweep; null until the owner has added the socket. */
  slot: Slot<ParticipantSocket> | null = null;
  readonly #driver: SocketDriver;
  readonly #owner: SocketOwner;
  #hasQueued = false;
  #isPaused = false;

  constructor({ id, network, address, driver, owner }: ParticipantSocketParts) {
    this.id = id;
    this.network = network;
    this.address = address;
    this.#driver = driver;
    this.#owner = owner;
    this.heardAtListenedMs = owner.listenedMs;
    this.pingedAtListenedMs = owner.listenedMs;
    driver.attach(this);
  }

  get isOpen(): boolean {
    return this.#driver.isOpen && this.closedFor === null;
  }

  /** Whether the socket waits for `release` before it sends the close frame. */
  get isHeld(): boolean {
    return this.#driver.isOpen && this.closedFor !== null;
  }

  /** Whether the server doesn't read the socket at present. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Queues a text frame. Closes the socket if the client doesn't read. */
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

  pause(): void {
    this.#isPaused = true;
    this.#driver.pause();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#driver.resume();
  }

  /** Sends the queued frames and then a close frame, which may be delayed. */
  closeFor(reason: CloseReason): void {
    if (this.isHeld) return;
    this.flush();
    // Reading resumes, because the client answers the close frame.
    this.resume();
    const mayBeHeld = this.isOpen;
    this.closedFor ??= reason;
    if (mayBeHeld && this.#owner.socketRefused(this, reason)) this.#hold();
    else this.#driver.sendClose(CLOSES[reason].code, reason);
  }

  /** Sends the delayed close frame. All input since the start of the delay was discarded. */
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
    // Frames that arrive after the server closed the socket are ignored.
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
    // Restarts the silence timeout, so that it can't end before the delay of the close frame.
    this.hear();
    let bytesLeft = REFUSED_BYTES_MAX;
    this.#driver.discardInput((byteLength) => {
      bytesLeft -= byteLength;
      if (bytesLeft < 0) this.terminate();
    });
  }
}
