import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { TICK_EVERY_MS } from '@farandole/cluster/limits';
import type { ConnectionFacts, Connections } from '@farandole/gateway/ports';
import type { Clock } from '@farandole/kernel/clock';
import { brandId, type ConnectionId } from '@farandole/kernel/id';
import { CLOSES, type CloseReason } from '@farandole/protocol/close-codes';
import { SOCKET_PATH } from '@farandole/protocol/http-api';
import { CLIENT_FRAME_BYTES_MAX } from '@farandole/protocol/limits';
import { type Server, type ServerOptions, WebSocketServer } from 'ws';
import { readCookie } from '../http/cookie.ts';
import { type RawHeaders, refuseRaw } from '../http/hardened-server.ts';
import { type ProblemKind, statusOf } from '../http/problem.ts';
import type { NodeSigner } from '../keys/signer.ts';
import {
  BUFFERED_CHUNKS_MAX,
  CLIENT_PINGS_MAX,
  CLOSE_HANDSHAKE_MS,
  FRAGMENTS_MAX,
  PING_EVERY_MS,
  SOCKET_SILENT_MS,
  SWEEP_EVERY_MS,
  TICK_LISTENED_MS_MAX,
  UPGRADES_REFILL_SHARE_PER_S,
} from '../limits.ts';
import { type AddressRange, isLoopback, networkOf } from '../net/address-range.ts';
import { placeOf } from '../net/client-place.ts';
import type { Site } from '../net/site.ts';
import { ParticipantSocket, type SocketOwner } from './participant-socket.ts';
import { SweepWheel } from './sweep-wheel.ts';
import { TokenBuckets } from './token-buckets.ts';

/** What the node does with its sockets. Never called from inside a method of the listener. */
export interface SocketHandler {
  connectionOpened(connection: ConnectionId, facts: ConnectionFacts): void;
  receive(connection: ConnectionId, text: string, byteLength: number): void;
  /**
   * Nothing comes from it any more, though it may be there for a while.
   *
   * @param code of the close frame, whoever sends it; 1006 where there was none
   */
  connectionClosed(connection: ConnectionId, code: number): void;
}

export interface WsListenerParts {
  readonly site: () => Site;
  readonly signer: Pick<NodeSigner, 'subjectOf'>;
  readonly clock: Clock;
  readonly trustedProxies: readonly AddressRange[];
  readonly connectionsMax: number;
  readonly connectionsPerNetworkMax: number;
  /** `REFUSED_HELD_MS`, or less. */
  readonly refusedHeldMs: number;
  readonly onUnlisted: (what: 'proxy' | 'origin') => void;
  /** Told the status of each refusal in plain HTTP. */
  readonly onRefused: (status: number) => void;
  /** Told each close: our reason, or `left` and `lost` where the other end went. */
  readonly onClosed: (reason: CloseReason | 'left' | 'lost') => void;
}

/** What no page of ours does (GW-2), so that none waits to be told of it. */
const FAULTS: ReadonlySet<CloseReason> = new Set([
  'malformed',
  'out-of-order',
  'too-fast',
  'too-large',
]);

/**
 * The WebSockets of a node, as the gateway's `Connections`. It decides who may connect, keeps
 * every queue and frame within its bound, and knows nothing of what is said.
 */
export class WsListener implements Connections, SocketOwner {
  readonly #parts: WsListenerParts;
  readonly #server: Server<typeof ParticipantSocket>;
  readonly #sockets = new Map<ConnectionId, ParticipantSocket>();
  readonly #perNetwork = new Map<string, number>();
  readonly #upgrades: TokenBuckets;
  readonly #wheel: SweepWheel<ParticipantSocket>;
  /** Those that were refused, and until when they are held, by what it has listened; in that order. */
  readonly #held = new Map<ParticipantSocket, number>();
  /** Those with something to write, in the order in which it came. */
  #unflushed: ParticipantSocket[] = [];
  #tickedAtMonotonicMs: number;
  #listenedMs = 0;
  #handler: SocketHandler | null = null;
  #lastId = 0;
  #isClosed = false;
  #onEmpty: (() => void) | null = null;
  #sweepBucketsAtMonotonicMs = 0;

  constructor(parts: WsListenerParts) {
    this.#parts = parts;
    const perNetwork = parts.connectionsPerNetworkMax;
    this.#upgrades = new TokenBuckets(
      perNetwork,
      Math.max(1, perNetwork * UPGRADES_REFILL_SHARE_PER_S),
    );
    this.#tickedAtMonotonicMs = parts.clock.monotonicMs();
    this.#wheel = new SweepWheel(SWEEP_EVERY_MS, TICK_EVERY_MS, this.#listenedMs);
    const options: ServerOptions<typeof ParticipantSocket> & { readonly closeTimeout: number } = {
      noServer: true,
      WebSocket: ParticipantSocket,
      clientTracking: false,
      maxPayload: CLIENT_FRAME_BYTES_MAX,
      maxFragments: FRAGMENTS_MAX,
      maxBufferedChunks: BUFFERED_CHUNKS_MAX,
      perMessageDeflate: false,
      skipUTF8Validation: false,
      closeTimeout: CLOSE_HANDSHAKE_MS,
      // None is spoken: a client that offers some is answered without.
      handleProtocols: () => false,
    };
    this.#server = new WebSocketServer(options);
    // `ws` would refuse a handshake in its own words, without our headers.
    this.#server.on('wsClientError', (_error, stream, request) => {
      const isTls = placeOf(request, parts.trustedProxies)?.isTls ?? false;
      const kind = request.method === 'GET' ? 'bad-request' : 'method-not-allowed';
      parts.onRefused(statusOf(kind));
      if (kind === 'bad-request') {
        const detail = 'This is no WebSocket handshake of RFC 6455.';
        const headers = [['Sec-WebSocket-Version', '13']] as const;
        refuseRaw(stream, kind, { detail, headers, isTls });
      } else {
        const detail = 'Only GET can be used here.';
        refuseRaw(stream, kind, { detail, headers: [['Allow', 'GET']], isTls });
      }
    });
  }

  /** Called once, before the first upgrade. */
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

  /** A request to become a WebSocket: the answer is one, or a refusal in plain HTTP. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const { site, trustedProxies, clock, onUnlisted } = this.#parts;
    // Until `ws` takes the stream over, nobody else would catch its errors.
    stream.on('error', destroy);
    const place = placeOf(request, trustedProxies);
    if (place === null) {
      stream.destroy();
      return;
    }
    if (place.hasUnlistedHeader) onUnlisted('proxy');
    const refuse = (kind: ProblemKind, detail: string, headers: RawHeaders = []): void => {
      this.#parts.onRefused(statusOf(kind));
      refuseRaw(stream, kind, { detail, headers, isTls: place.isTls });
    };
    if (!place.isTls && !isLoopback(place.address)) {
      refuse('needs-https', 'Farandole is reached over HTTPS, or from its own machine.');
      return;
    }
    if (this.#isClosed) {
      refuse('stopping', 'This server stops. Another one will answer soon.');
      return;
    }
    if ((request.url ?? '').split('?')[0] !== SOCKET_PATH) {
      refuse('not-found', 'There is no WebSocket at this address.');
      return;
    }
    if (!site().allowsOrigin(request.headers.origin)) {
      onUnlisted('origin');
      refuse('origin-refused', 'This page is not one of this server’s.');
      return;
    }
    const cookie = readCookie(request.headers.cookie);
    if (cookie === null) {
      refuse('no-cookie', 'Get a session ticket first.');
      return;
    }
    const network = networkOf(place.address);
    if (!this.#upgrades.take(network, clock.monotonicMs())) {
      refuse('too-many', 'Too many connections from your network. Wait a little.', [
        ['Retry-After', '5'],
      ]);
      return;
    }
    // The answer to the upgrade and the node's first words go out in one write.
    stream.cork();
    this.#server.handleUpgrade(request, stream, head, (ws) => {
      stream.off('error', destroy);
      this.#open(ws, stream, network, {
        subject: this.#parts.signer.subjectOf(cookie),
        clientAddress: place.address.text,
        isLocal: place.isLocal,
      });
    });
    stream.uncork();
  }

  send(connection: ConnectionId, frame: string): void {
    this.#sockets.get(connection)?.say(frame);
  }

  close(connection: ConnectionId, reason: CloseReason): void {
    this.#sockets.get(connection)?.closeFor(reason);
  }

  /** Pings whom nobody has pinged for a while, and gives up those that have died without a word. */
  tick(nowMonotonicMs: number): void {
    const sinceMs = nowMonotonicMs - this.#tickedAtMonotonicMs;
    this.#tickedAtMonotonicMs = nowMonotonicMs;
    this.#listenedMs += Math.min(sinceMs, TICK_LISTENED_MS_MAX);
    const listenedMs = this.#listenedMs;
    this.#wheel.advance(listenedMs, (socket) => {
      if (listenedMs - socket.heardAtListenedMs >= SOCKET_SILENT_MS) {
        socket.closedFor ??= 'silent';
        // Nobody is there to answer a close frame.
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
    if (nowMonotonicMs >= this.#sweepBucketsAtMonotonicMs) {
      this.#sweepBucketsAtMonotonicMs = nowMonotonicMs + SWEEP_EVERY_MS;
      this.#upgrades.sweep(nowMonotonicMs);
    }
  }

  /** Closes every socket, and takes no more; those that do not answer in time are destroyed. */
  closeAll(reason: CloseReason): void {
    this.#isClosed = true;
    for (const socket of this.#sockets.values()) socket.closeFor(reason);
    for (const socket of this.#held.keys()) socket.release();
    // Whoever has ended their half, and takes nothing, is no more timed by `ws`.
    const destroyAll = (): void => {
      for (const socket of this.#sockets.values()) socket.terminate();
    };
    setTimeout(destroyAll, CLOSE_HANDSHAKE_MS).unref();
  }

  /** Resolves when no socket is left, which takes `CLOSE_HANDSHAKE_MS` after `closeAll` at most. */
  async whenEmpty(): Promise<void> {
    if (this.#sockets.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  socketQueued(socket: ParticipantSocket): void {
    // After the turn: the machine's callback ends, and before the next one this is run.
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
    const { refusedHeldMs } = this.#parts;
    if (refusedHeldMs === 0 || this.#isClosed || !FAULTS.has(reason)) return false;
    this.#held.set(socket, this.#listenedMs + refusedHeldMs);
    // Nobody waits for somebody who is only held. After the turn, which may be the node's own.
    socket.isForgotten = true;
    process.nextTick(() => this.#handler?.connectionClosed(socket.id, CLOSES[reason].code));
    return true;
  }

  socketClosed(socket: ParticipantSocket, code: number): void {
    this.#sockets.delete(socket.id);
    this.#held.delete(socket);
    socket.slot?.delete(socket);
    const ofNetwork = (this.#perNetwork.get(socket.network) ?? 1) - 1;
    if (ofNetwork === 0) this.#perNetwork.delete(socket.network);
    else this.#perNetwork.set(socket.network, ofNetwork);
    const ours = socket.closedFor;
    const hasLeft = code === 1000 || code === 1001;
    this.#parts.onClosed(ours ?? (hasLeft ? 'left' : 'lost'));
    if (!socket.isForgotten) {
      this.#handler?.connectionClosed(socket.id, ours === null ? code : CLOSES[ours].code);
    }
    if (this.#sockets.size === 0) this.#onEmpty?.();
  }

  /** Writes what the turn that ends has queued. */
  flush(): void {
    const sockets = this.#unflushed;
    this.#unflushed = [];
    for (const socket of sockets) socket.flush();
  }

  #open(socket: ParticipantSocket, stream: Duplex, network: string, facts: ConnectionFacts): void {
    const id = brandId<ConnectionId>(`c${++this.#lastId}`);
    socket.begin({ id, network, stream, owner: this });
    this.#sockets.set(id, socket);
    socket.slot = this.#wheel.add(socket);
    const ofNetwork = (this.#perNetwork.get(network) ?? 0) + 1;
    this.#perNetwork.set(network, ofNetwork);
    const { connectionsMax, connectionsPerNetworkMax } = this.#parts;
    if (ofNetwork > connectionsPerNetworkMax || this.#sockets.size > connectionsMax) {
      // Said in the protocol's words, so that the page knows to wait.
      socket.closeFor('too-many');
      return;
    }
    this.#handler?.connectionOpened(id, facts);
    // Now, while the answer to the upgrade is held back: both go out in one write.
    socket.flush();
  }
}

function flushAll(listener: WsListener): void {
  listener.flush();
}

function destroy(this: Duplex): void {
  this.destroy();
}
