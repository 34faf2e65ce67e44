import type { Duplex } from 'node:stream';
import { assert } from '@farandole/kernel/assert';
import type { CloseReason } from '@farandole/protocol/close-codes';
import { type RawData, WebSocket } from 'ws';
import type { ParticipantSocket, SocketDriver } from './participant-socket.ts';
import { textFrame } from './text-frame.ts';

/**
 * Adapts a `ws` socket to `SocketDriver`. After an unreadable frame `ws` would send only a close
 * code. This class reports the frame to the participant's socket instead, which adds a close
 * reason.
 */
export class WsSocket extends WebSocket implements SocketDriver {
  #participant: ParticipantSocket | null = null;
  #stream: Duplex | null = null;
  /** Frames that wait for the next write, as text with one character per byte. */
  #queued = '';

  /**
   * Starts the socket. Called once, after the handshake.
   *
   * @param stream the connection that `ws` uses
   */
  begin(stream: Duplex): this {
    this.#stream = stream;
    return this;
  }

  attach(participant: ParticipantSocket): void {
    this.#participant = participant;
    // The listeners are shared functions, because a closure per socket would use memory while the
    // socket lives.
    this.on('message', onMessage);
    this.on('ping', onPing);
    this.on('pong', onPong);
    this.on('close', onClose);
    // Errors need no handling, because `ws` closes the socket after each error, and the event
    // 'close' follows.
    this.on('error', ignore);
  }

  get participant(): ParticipantSocket {
    assert(this.#participant !== null, 'a socket is attached');
    return this.#participant;
  }

  get isOpen(): boolean {
    return this.readyState === this.OPEN;
  }

  get bufferedBytes(): number {
    return this.bufferedAmount;
  }

  queue(text: string): number {
    this.#queued += textFrame(text);
    return this.#queued.length;
  }

  flush(): void {
    const bytes = this.#queued;
    this.#queued = '';
    // Writes to the stream directly, bypassing `ws`. The order of frames stays correct, because
    // `ws` queues nothing without compression.
    if (bytes !== '' && this.isOpen) this.#stream?.write(bytes, 'latin1');
  }

  sendClose(code: number, reason: string): void {
    super.close(code, reason);
  }

  sendLastClose(code: number, reason: string): void {
    super.close(code, reason);
    this.#stream?.end();
  }

  discardInput(received: (byteLength: number) => void): void {
    this.#stream?.removeAllListeners('data');
    this.#stream?.on('data', (bytes: Buffer) => received(bytes.byteLength));
  }

  /**
   * `ws` still reads a ping that arrived in one chunk with a bad frame. Such a ping gets no answer
   * during the close delay.
   */
  override pong(data?: unknown, mask?: boolean, done?: (error: Error) => void): void {
    if (!this.participant.isHeld) super.pong(data, mask, done);
    // Reports an ignored ping as answered, because `ws` ends the connection at sixty unanswered
    // pings.
    else (done as (() => void) | undefined)?.();
  }

  /**
   * Only `ws` calls this method. A close frame that arrives in one chunk with a bad frame doesn't
   * end the close delay.
   */
  override close(code?: number, reason?: string | Buffer): void {
    if (this.participant.isHeld) return;
    const fault = reason === undefined ? faultOf(code) : null;
    if (fault !== null) {
      this.participant.closeFor(fault);
      return;
    }
    this.participant.flush();
    super.close(code, reason);
  }
}

function participantOf(socket: WebSocket): ParticipantSocket {
  assert(socket instanceof WsSocket, 'a socket of the listener');
  return socket.participant;
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  const participant = participantOf(this);
  if (!participant.isOpen) return;
  // `ws` gives Buffers unless its binaryType is changed.
  if (!isBinary && Buffer.isBuffer(data)) {
    participant.take(data.toString('utf8'), data.byteLength);
    return;
  }
  participant.hear();
  participant.closeFor('malformed');
}

function onPing(this: WebSocket): void {
  participantOf(this).takePing();
}

function onPong(this: WebSocket): void {
  participantOf(this).hear();
}

function onClose(this: WebSocket, code: number): void {
  participantOf(this).lose(code);
}

function ignore(): void {}

/**
 * Returns the close reason for a close code that `ws` uses for unreadable input (RFC 6455, section
 * 7.4.1); null for any other code.
 */
function faultOf(code: number | undefined): CloseReason | null {
  switch (code) {
    // These close codes mean a protocol error, data of the wrong kind, or text that is not UTF-8.
    case 1002:
    case 1003:
    case 1007:
      return 'malformed';
    // These close codes mean too many fragments, chunks or bytes.
    case 1008:
    case 1009:
      return 'too-large';
    case undefined:
    default:
      return null;
  }
}
