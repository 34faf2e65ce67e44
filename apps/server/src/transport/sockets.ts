import { TICK_EVERY_MS } from '@farandole/cluster/limits';
import type { ConnectionFacts, Connections } from '@farandole/gateway/ports';
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
import { ParticipantSocket, type SocketDriver, type SocketOwner } from './participant-socket.ts';
import { SweepWheel } from './sweep-wheel.ts';

/** What the node does with its sockets. Never called from inside a method of `Sockets`. */
export interface SocketHandler {
  connectionOpened(connection: ConnectionId, facts: ConnectionFacts): void;
  receive(connection: ConnectionId, text: string, byteLength: number): void;
  /**
   * Nothing comes from it any longer, though it may stay connected for a while.
   *
   * @param code of the close frame, from either side; 1006 if there was none
   */
  connectionClosed(connection: ConnectionId, code: number): void;
}

export interface SocketsOptions {
  readonly admission: Pick<Admission, 'opened' | 'closed' | 'tick' | 'stop'>;
  readonly nowMonotonicMs: number;
  /** `REFUSED_LINGER_MS` by default. */
  readonly refusedLingerMs: number;
  readonly log: Log;
}

/** Protocol violations (GW-2). Our page commits none of them, so no person waits for the close. */
const FAULTS: ReadonlySet<CloseReason> = new Set([
  'malformed',
  'out-of-order',
  'too-fast',
  'too-large',
]);

/**
 * The open sockets of a node, as the gateway's `Connections`: keeps every queue within its bound,
 * pings, and drops silent clients. It knows neither the messages nor the WebSocket library.
 */
export class Sockets implements Connections, SocketOwner {
  readonly #options: SocketsOptions;
  readonly #sockets = new Map<ConnectionId, ParticipantSocket>();
  readonly #wheel: SweepWheel<ParticipantSocket>;
  /** Refused sockets and until when each is held, in listened time; in that order. */
  readonly #held = new Map<ParticipantSocket, number>();
  /** Sockets with queued frames, in order of arrival. */
  #unflushed: ParticipantSocket[] = [];
  #tickedAtMonotonicMs: number;
  #listenedMs = 0;
  #handler: SocketHandler | null = null;
  #lastId = 0;
  #isClosed = false;
  #onEmpty: (() => void) | null = null;

  constructor(options: SocketsOptions) {
    this.#options = options;
    this.#tickedAtMonotonicMs = options.nowMonotonicMs;
    this.#wheel = new SweepWheel(SWEEP_EVERY_MS, TICK_EVERY_MS, this.#listenedMs);
  }

  /** Called once, before the first socket opens. */
  attach(handler: SocketHandler): void {
    this.#handler = handler;
  }

  /** Sockets that are open or closing. */
  get size(): number {
    return this.#sockets.size;
  }

  get listenedMs(): number {
    return this.#listenedMs;
  }

  /** Adds a socket whose handshake was just answered. */
  open(driver: SocketDriver, network: string, facts: ConnectionFacts): void {
    const id = brandId<ConnectionId>(`c${++this.#lastId}`);
    const socket = new ParticipantSocket({ id, network, driver, owner: this });
    this.#sockets.set(id, socket);
    socket.slot = this.#wheel.add(socket);
    if (!this.#options.admission.opened(network)) {
      // As a close of the protocol, which tells the page to wait.
      socket.closeFor('too-many');
      return;
    }
    this.#handler?.connectionOpened(id, facts);
    // Now, while the answer to the upgrade is held back: both go out in one write.
    socket.flush();
  }

  send(connection: ConnectionId, frame: string): void {
    this.#sockets.get(connection)?.say(frame);
  }

  close(connection: ConnectionId, reason: CloseReason): void {
    this.#sockets.get(connection)?.closeFor(reason);
  }

  /** Pings sockets that were not pinged for `PING_EVERY_MS`, and drops silent ones. */
  tick(nowMonotonicMs: number): void {
    const sinceMs = nowMonotonicMs - this.#tickedAtMonotonicMs;
    this.#tickedAtMonotonicMs = nowMonotonicMs;
    this.#listenedMs += Math.min(sinceMs, TICK_LISTENED_MS_MAX);
    const listenedMs = this.#listenedMs;
    this.#wheel.advance(listenedMs, (socket) => {
      if (listenedMs - socket.heardAtListenedMs >= SOCKET_SILENT_MS) {
        socket.closedFor ??= 'silent';
        // A close frame would get no answer.
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
    this.#options.admission.tick(nowMonotonicMs);
  }

  /** Closes every socket and admits no more. Destroys those that do not answer in time. */
  closeAll(reason: CloseReason): void {
    this.#isClosed = true;
    this.#options.admission.stop();
    for (const socket of this.#sockets.values()) socket.closeFor(reason);
    for (const socket of this.#held.keys()) socket.release();
    // A client that ended its half and reads nothing is timed by no library.
    const destroyAll = (): void => {
      for (const socket of this.#sockets.values()) socket.terminate();
    };
    setTimeout(destroyAll, CLOSE_HANDSHAKE_MS).unref();
  }

  /** Resolves when no socket is left, `CLOSE_HANDSHAKE_MS` after `closeAll` at most. */
  async whenEmpty(): Promise<void> {
    if (this.#sockets.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  socketQueued(socket: ParticipantSocket): void {
    // Runs when the machine's callback ends, before the next one.
    if (this.#unflushed.length === 0) process.nextTick(flushAll, this);
    this.#unflushed.push(socket);
  }

  socketSaid({ id }: ParticipantSocket, text: string, byteLength: number): void {
    this.#handler?.receive(id, text, byteLength);
  }

  socketPinged(socket: ParticipantSocket): void {
    socket.clientPings += 1;
    if (socket.clientPings > CLIENT_PINGS_MAX) socket.closeFor('too-fast');
  }

  socketRefused(socket: ParticipantSocket, reason: CloseReason): boolean {
    const { refusedLingerMs } = this.#options;
    if (refusedLingerMs === 0 || this.#isClosed || !FAULTS.has(reason)) return false;
    this.#held.set(socket, this.#listenedMs + refusedLingerMs);
    // Their peer does not wait for the end of the hold. After the turn, which may be the node's own.
    socket.isForgotten = true;
    process.nextTick(() => this.#handler?.connectionClosed(socket.id, CLOSES[reason].code));
    return true;
  }

  socketClosed(socket: ParticipantSocket, code: number): void {
    this.#sockets.delete(socket.id);
    this.#held.delete(socket);
    socket.slot?.delete(socket);
    this.#options.admission.closed(socket.network);
    const ours = socket.closedFor;
    const hasLeft = code === 1000 || code === 1001;
    this.#options.log({ event: 'socket-closed', reason: ours ?? (hasLeft ? 'left' : 'lost') });
    if (!socket.isForgotten) {
      this.#handler?.connectionClosed(socket.id, ours === null ? code : CLOSES[ours].code);
    }
    if (this.#sockets.size === 0) this.#onEmpty?.();
  }

  /** Writes everything that the ending turn has queued. */
  flush(): void {
    const sockets = this.#unflushed;
    this.#unflushed = [];
    for (const socket of sockets) socket.flush();
  }
}

function flushAll(sockets: Sockets): void {
  sockets.flush();
}
