import type { Connection } from '@farandole/gateway/connection';
import { spend } from '@farandole/gateway/credits';
import { FRAME_CREDITS } from '@farandole/gateway/limits';
import type { Connections } from '@farandole/gateway/ports';
import type { Instant } from '@farandole/kernel/clock';
import { brandId, type ConnectionId, type NodeId } from '@farandole/kernel/id';
import { CLOSES, type CloseReason, closeReasonOf } from '@farandole/protocol/close-codes';
import { splitAck } from '@farandole/protocol/frame-ack';
import { CLIENT_FRAME_BYTES_MAX } from '@farandole/protocol/limits';
import { type NodeMessageOf, NODE_MESSAGE_VERSION as v } from '@farandole/protocol/node-message';
import { type ClientFrame, FrameBuffer } from './frame-buffer.ts';
import { MOVE_ASKED_EVERY_MS, SOCKETS_CLOSED_WITHIN_MS } from './limits.ts';
import type { NodeChannel } from './node-channel.ts';

/** A socket of this node whose session is on another node, or on the way. */
export interface EdgeSocket {
  readonly id: ConnectionId;
  /** The gateway's state of the socket, for when the session comes back. */
  readonly connection: Connection;
  /** Null until the home names the session of a forwarded hello. */
  session: string | null;
  /** Node with the session, or to which the session is given. */
  readonly home: NodeId;
  /** Frames of the home under a smaller generation are dropped. */
  generation: number;
  /** Whether the home reads `ack` in sequenced messages. */
  readonly readsAcks: boolean;
  /** The page's frames, while the session moves. Null while the home takes them. */
  buffer: FrameBuffer | null;
  /** Null unless this node fetches the session. */
  fetch: { readonly session: string; readonly generation: number; atMonotonicMs: number } | null;
}

export interface EdgeParts {
  readonly channel: Pick<NodeChannel, 'send' | 'members'>;
  readonly sockets: Connections;
  readonly isInDoubt: (session: string) => boolean;
}

/** Close code of a socket that was lost without a close frame (RFC 6455, section 7.1.5). */
export const LOST_CODE = 1006;

/**
 * The sockets of this node whose session is elsewhere. Passes frames unparsed between page and
 * home, and checks only their sizes, rates and generations. An older home can't
 * read an acknowledgement inside a frame. For such a home, the acknowledgement is sent alone.
 */
export class EdgeSockets {
  readonly #parts: EdgeParts;
  readonly #byId = new Map<ConnectionId, EdgeSocket>();
  readonly #bySession = new Map<string, EdgeSocket>();
  /** Sockets that will close soon, with the time. */
  readonly #closing = new Map<ConnectionId, number>();
  /** Close codes of sockets that were lost while their session was in doubt, by session. */
  readonly #lostInDoubt = new Map<string, number>();

  constructor(parts: EdgeParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#byId.size;
  }

  /** Number of sockets whose page's frames wait. */
  get moving(): number {
    return [...this.#byId.values()].filter(({ buffer }) => buffer !== null).length;
  }

  get(id: ConnectionId): EdgeSocket | undefined {
    return this.#byId.get(id);
  }

  ofSession(session: string): EdgeSocket | undefined {
    return this.#bySession.get(session);
  }

  /** Returns the socket of a message if the sender is the socket's current home, otherwise null. */
  from(
    home: NodeId,
    { socket, generation }: { readonly socket: string; readonly generation: number },
  ): EdgeSocket | null {
    const edge = this.#byId.get(brandId<ConnectionId>(socket));
    return edge?.home === home && generation >= edge.generation ? edge : null;
  }

  /** Adds a socket whose hello another node handles. */
  addForwarded(connection: Connection, home: NodeId): EdgeSocket {
    const rest = { session: null, generation: 0, buffer: null, fetch: null };
    const readsAcks = this.#readsAcks(home);
    const edge = { id: connection.id, connection, home, readsAcks, ...rest };
    this.#byId.set(connection.id, edge);
    return edge;
  }

  /** Adds a socket whose session is given to another node. The page's frames wait. */
  addMoving(connection: Connection, home: NodeId, session: string, generation: number): void {
    const buffer = new FrameBuffer();
    const { id } = connection;
    const rest = { session, generation, buffer, fetch: null };
    const edge = { id, connection, home, readsAcks: this.#readsAcks(home), ...rest };
    this.#byId.set(id, edge);
    this.#bySession.set(session, edge);
  }

  delete({ id, session }: EdgeSocket): void {
    this.#byId.delete(id);
    if (session !== null && this.#bySession.get(session)?.id === id) {
      this.#bySession.delete(session);
    }
  }

  isClosing(id: ConnectionId): boolean {
    return this.#closing.has(id);
  }

  /** Handles a socket that closed. Returns false if its session is on this node. */
  closed(id: ConnectionId, code: number): boolean {
    const edge = this.#byId.get(id);
    if (edge !== undefined) this.#lost(edge, code);
    return this.#closing.delete(id) || edge !== undefined;
  }

  /** Passes a page's frame to the home. */
  up(edge: EdgeSocket, frame: ClientFrame, receivedAtMs: number): void {
    const { connection, buffer } = edge;
    const fullAtMs = spend(connection.framesFullAtMs, FRAME_CREDITS, receivedAtMs);
    if (frame.byteLength > CLIENT_FRAME_BYTES_MAX) this.close(edge, 'too-large');
    else if (fullAtMs === null) this.close(edge, 'too-fast');
    else {
      connection.framesFullAtMs = fullAtMs;
      if (buffer === null) this.#send(edge, frame);
      else if (!buffer.push(frame)) this.close(edge, 'other-node');
    }
  }

  /** Closes a socket and notifies the home. */
  close(edge: EdgeSocket, reason: CloseReason): void {
    this.#parts.sockets.close(edge.id, reason);
    this.#lost(edge, reason === 'other-node' ? LOST_CODE : CLOSES[reason].code);
  }

  /** Closes a socket because its home said so. */
  closeFor(edge: EdgeSocket, reason: string): void {
    this.delete(edge);
    this.#parts.sockets.close(edge.id, closeReasonOf(reason) ?? 'other-node');
  }

  /** Handles a message of a home about a socket of this node. */
  receive(
    home: NodeId,
    message: NodeMessageOf<'bridge.down' | 'bridge.close' | 'bridge.free'>,
    now: Instant,
  ): void {
    const edge = this.from(home, message);
    if (edge === null) return;
    if (message.type === 'bridge.down') this.#parts.sockets.send(edge.id, message.text);
    else if (message.type === 'bridge.close') this.closeFor(edge, message.reason);
    else this.free(edge, message.session, message.generation, now);
  }

  /** The session of a socket moved to the home. Sends the frames that waited. */
  taken({ session, generation, socket }: NodeMessageOf<'session.move'>, home: NodeId): void {
    const edge = this.#bySession.get(session);
    const code = this.takeLost(session) ?? LOST_CODE;
    if (edge !== undefined) {
      edge.generation = generation;
      this.#release(edge);
    } else if (socket !== null) {
      this.#parts.channel.send(home, { type: 'bridge.closed', v, socket, code });
    }
  }

  /** Returns how the socket of a session was lost while the session was in doubt, or undefined. */
  takeLost(session: string): number | undefined {
    const code = this.#lostInDoubt.get(session);
    this.#lostInDoubt.delete(session);
    return code;
  }

  /** Fetches the session of a socket, because it has no call any more. */
  free(edge: EdgeSocket, session: string, generation: number, now: Instant): void {
    if (edge.buffer !== null) return;
    edge.session = session;
    this.#bySession.set(session, edge);
    edge.buffer = new FrameBuffer();
    edge.fetch = { session, generation, atMonotonicMs: now.monotonicMs };
    this.#fetch(edge, now);
  }

  /** The home keeps a session that this node wanted to fetch. */
  notFetched(from: NodeId, { session, generation }: NodeMessageOf<'session.refused'>): void {
    const edge = this.#bySession.get(session);
    if (edge?.home === from && edge.fetch?.generation === generation) this.#release(edge);
  }

  /** Closes the sockets of a home that can't be reached, spread over time. */
  laneOver(home: NodeId, now: Instant): void {
    const edges = [...this.#byId.values()].filter((edge) => edge.home === home);
    for (const [place, edge] of edges.entries()) {
      const { id, session } = edge;
      this.delete(edge);
      if (session !== null && this.#parts.isInDoubt(session)) {
        this.#lostInDoubt.set(session, LOST_CODE);
      }
      const afterMs = (place / edges.length) * SOCKETS_CLOSED_WITHIN_MS;
      this.#closing.set(id, now.monotonicMs + afterMs);
    }
  }

  tick(now: Instant): void {
    for (const [id, atMs] of this.#closing) {
      if (now.monotonicMs < atMs) continue;
      this.#closing.delete(id);
      this.#parts.sockets.close(id, 'other-node');
    }
    for (const edge of this.#byId.values()) this.#fetch(edge, now);
  }

  #fetch({ id: socket, home, fetch }: EdgeSocket, now: Instant): void {
    if (fetch === null || now.monotonicMs < fetch.atMonotonicMs) return;
    fetch.atMonotonicMs = now.monotonicMs + MOVE_ASKED_EVERY_MS;
    const { session, generation } = fetch;
    this.#parts.channel.send(home, { type: 'session.fetch', v, session, generation, socket });
  }

  #release(edge: EdgeSocket): void {
    const frames = edge.buffer?.takeAll() ?? [];
    edge.buffer = null;
    edge.fetch = null;
    for (const frame of frames) this.#send(edge, frame);
  }

  /** A node that isn't a member is taken for an older one. */
  #readsAcks(home: NodeId): boolean {
    return this.#parts.channel.members().get(home)?.readsAcks === true;
  }

  #send({ home, id: socket, readsAcks }: EdgeSocket, { text: frame }: ClientFrame): void {
    for (const text of readsAcks ? [frame] : splitAck(frame)) {
      this.#parts.channel.send(home, { type: 'bridge.up', v, socket, text });
    }
  }

  #lost(edge: EdgeSocket, code: number): void {
    const { session, home, id: socket } = edge;
    this.delete(edge);
    const isInDoubt = session !== null && this.#parts.isInDoubt(session);
    if (isInDoubt) this.#lostInDoubt.set(session, code);
    else this.#parts.channel.send(home, { type: 'bridge.closed', v, socket, code });
  }
}
