import { TICK_EVERY_MS } from '@farandole/cluster/limits';
import type { Budget } from '@farandole/gateway/budget/budget';
import type { ConnectionFacts, Connections } from '@farandole/gateway/ports';
import type { Clock } from '@farandole/kernel/clock';
import { brandId, type ConnectionId } from '@farandole/kernel/id';
import { CLOSES, type CloseReason } from '@farandole/protocol/close-codes';
import {
  CLIENT_PINGS_MAX,
  CLOSE_HANDSHAKE_MS,
  PING_EVERY_MS,
  SOCKET_SILENT_MS,
  SWEEP_EVERY_MS,
  TICK_LISTENED_MS_MAX,
} from '../limits.ts';
import type { Log } from '../observe/log.ts';
import type { Admission } from './admission.ts';
import { type FrameHandler, FrameTurns } from './frame-turns.ts';
import { ParticipantSocket, type SocketDriver, type SocketOwner } from './participant-socket.ts';
import { SweepWheel } from './sweep-wheel.ts';

/**
 * Handles the node's socket events. `Sockets` never calls it from inside one of its own methods.
 */
export interface SocketHandler {
  connectionOpened(connection: ConnectionId, facts: ConnectionFacts): void;
  /** @param receivedAtMs monotonic time at which the server read the frame */
  receive(connection: ConnectionId, text: string, byteLength: number, receivedAtMs: number): void;
  /** Called when a client has sent more frames than may wait. The excess frames are dropped. */
  flooded(connection: ConnectionId): void;
  /**
   * Called once per connection, when no further message will arrive. The socket may stay connected
   * for a while.
   *
   * @param code code of the close frame, whichever side sent it; 1006 if there was none
   */
  connectionClosed(connection: ConnectionId, code: number): void;
}

export interface SocketsOptions {
  readonly admission: Pick<Admission, 'opened' | 'closed' | 'stop'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Budget in µs of event-loop time for each network's frames, charged while frames wait. */
  readonly work: Pick<Budget, 'take'>;
  /**
   * Delay in ms before a client that violated the protocol is closed. `REFUSED_LINGER_MS` by
   * default.
   */
  readonly refusedLingerMs: number;
  readonly log: Log;
}

/**
 * Close reasons that are protocol violations (GW-2). The page never commits one, so delaying such a
 * close affects no user.
 */
const FAULTS: ReadonlySet<CloseReason> = new Set([
  'malformed',
  'out-of-order',
  'too-fast',
  'too-large',
]);

/**
 * The open sockets of a node. This class implements the gateway's `Connections`, limits every send
 * queue and the time that received frames take, pings clients and drops silent ones. It depends
 * neither on the messages nor on the WebSocket library.
 */
export class Sockets implements Connections, SocketOwner, FrameHandler {
  readonly #options: SocketsOptions;
  readonly #sockets = new Map<ConnectionId, ParticipantSocket>();
  readonly #wheel: SweepWheel<ParticipantSocket>;
  readonly #turns: FrameTurns;
  /**
   * Sockets whose close frame is delayed, each with the value of `listenedMs` at which the delay
   * ends. The socket whose delay ends first comes first.
   */
  readonly #held = new Map<ParticipantSocket, number>();
  /** Sockets with queued frames, in the order in which they queued the first one. */
  #unflushed: ParticipantSocket[] = [];
  #tickedAtMonotonicMs: number;
  #listenedMs = 0;
  #handler: SocketHandler | null = null;
  #lastId = 0;
  #isClosed = false;
  #onEmpty: (() => void) | null = null;

  constructor(options: SocketsOptions) {
    this.#options = options;
    const { clock, work } = options;
    this.#turns = new FrameTurns({ handler: this, clock, work });
    this.#tickedAtMonotonicMs = clock.monotonicMs();
    this.#wheel = new SweepWheel(SWEEP_EVERY_MS, TICK_EVERY_MS, this.#listenedMs);
  }

  /** Sets the handler. Called once, before the first socket opens. */
  attach(handler: SocketHandler): void {
    this.#handler = handler;
  }

  /** Number of sockets that are open or closing. */
  get size(): number {
    return this.#sockets.size;
  }

  /** Number of frames so far that waited for a later turn of the event loop. */
  get framesDeferred(): number {
    return this.#turns.deferred;
  }

  get listenedMs(): number {
    return this.#listenedMs;
  }

  /** Adds a socket whose handshake was answered. */
  open(driver: SocketDriver, network: string, facts: ConnectionFacts): void {
    const id = brandId<ConnectionId>(`c${++this.#lastId}`);
    const socket = new ParticipantSocket({
      id,
      network,
      address: facts.clientAddress,
      driver,
      owner: this,
    });
    this.#sockets.set(id, socket);
    socket.slot = this.#wheel.add(socket);
    if (!this.#options.admission.opened(facts.clientAddress)) {
      // The excess socket is closed with a protocol reason, so that the page knows to wait.
      socket.closeFor('too-many');
      return;
    }
    this.#handler?.connectionOpened(id, facts);
    // The first frames are flushed while the upgrade response is still buffered, so that all are
    // sent in one write.
    socket.flush();
  }

  send(connection: ConnectionId, frame: string): void {
    this.#sockets.get(connection)?.say(frame);
  }

  close(connection: ConnectionId, reason: CloseReason): void {
    this.#sockets.get(connection)?.closeFor(reason);
  }

  /** Pings sockets that the server hasn't pinged for `PING_EVERY_MS`, and drops silent ones. */
  tick(nowMonotonicMs: number): void {
    const sinceMs = nowMonotonicMs - this.#tickedAtMonotonicMs;
    this.#tickedAtMonotonicMs = nowMonotonicMs;
    this.#listenedMs += Math.min(sinceMs, TICK_LISTENED_MS_MAX);
    const listenedMs = this.#listenedMs;
    this.#wheel.advance(listenedMs, (socket) => {
      // A paused socket isn't silent, because the server doesn't read it.
      if (socket.isPaused) socket.hear();
      if (listenedMs - socket.heardAtListenedMs >= SOCKET_SILENT_MS) {
        socket.closedFor ??= 'silent';
        // A dead client wouldn't answer a close frame, so none is sent.
        socket.terminate();
      } else if (socket.isOpen && listenedMs - socket.pingedAtListenedMs >= PING_EVERY_MS) {
        socket.pingedAtListenedMs = listenedMs;
        socket.clientPings = 0;
        socket.ping();
      }
    });
    for (const [socket, untilListenedMs] of this.#held) {
      if (listenedMs < untilListenedMs) break;
      this.#held.delete(socket);
      socket.release();
    }
  }

  /**
   * Closes every socket and accepts no new one. Destroys the sockets whose clients don't answer the
   * close frame in time.
   */
  closeAll(reason: CloseReason): void {
    this.#isClosed = true;
    this.#options.admission.stop();
    for (const socket of this.#sockets.values()) socket.closeFor(reason);
    for (const socket of this.#held.keys()) socket.release();
    // Sockets still open after `CLOSE_HANDSHAKE_MS` are destroyed, because no library times out a
    // client that half-closed its socket and doesn't read.
    const destroyAll = (): void => {
      for (const socket of this.#sockets.values()) socket.terminate();
    };
    setTimeout(destroyAll, CLOSE_HANDSHAKE_MS).unref();
  }

  /** Resolves when no socket is left, which is at most `CLOSE_HANDSHAKE_MS` after `closeAll`. */
  async whenEmpty(): Promise<void> {
    if (this.#sockets.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  socketQueued(socket: ParticipantSocket): void {
    // `flushAll` runs at the end of the current event-loop callback, before the next callback.
    if (this.#unflushed.length === 0) process.nextTick(flushAll, this);
    this.#unflushed.push(socket);
  }

  socketSaid(socket: ParticipantSocket, text: string, byteLength: number): void {
    this.#turns.take(socket, text, byteLength);
  }

  frame({ id }: ParticipantSocket, text: string, byteLength: number, receivedAtMs: number): void {
    this.#handler?.receive(id, text, byteLength, receivedAtMs);
  }

  flooded({ id }: ParticipantSocket): void {
    this.#handler?.flooded(id);
  }

  socketPinged(socket: ParticipantSocket): void {
    socket.clientPings += 1;
    if (socket.clientPings > CLIENT_PINGS_MAX) socket.closeFor('too-fast');
  }

  socketRefused(socket: ParticipantSocket, reason: CloseReason): boolean {
    const { refusedLingerMs } = this.#options;
    if (refusedLingerMs === 0 || this.#isClosed || !FAULTS.has(reason)) return false;
    this.#held.set(socket, this.#listenedMs + refusedLingerMs);
    // The gateway is notified before the close delay ends, but only after this event-loop turn,
    // because it may be running in this turn.
    socket.isForgotten = true;
    process.nextTick(() => this.#handler?.connectionClosed(socket.id, CLOSES[reason].code));
    return true;
  }

  socketClosed(socket: ParticipantSocket, code: number): void {
    this.#sockets.delete(socket.id);
    this.#held.delete(socket);
    socket.slot?.delete(socket);
    this.#options.admission.closed(socket.address);
    const ours = socket.closedFor;
    const hasLeft = code === 1000 || code === 1001;
    this.#options.log({ event: 'socket-closed', reason: ours ?? (hasLeft ? 'left' : 'lost') });
    if (!socket.isForgotten) this.#turns.close(socket, ours === null ? code : CLOSES[ours].code);
    if (this.#sockets.size === 0) this.#onEmpty?.();
  }

  closed({ id }: ParticipantSocket, code: number): void {
    this.#handler?.connectionClosed(id, code);
  }

  /** Sends all frames queued in this event-loop turn. */
  flush(): void {
    const sockets = this.#unflushed;
    this.#unflushed = [];
    for (const socket of sockets) socket.flush();
  }
}

function flushAll(sockets: Sockets): void {
  sockets.flush();
}
