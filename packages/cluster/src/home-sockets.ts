import { utf8Length } from '@farandole/gateway/utf8-length';
import { brandId, type ConnectionId, type NodeId } from '@farandole/kernel/id';
import type { CloseReason } from '@farandole/protocol/close-codes';
import {
  type NodeMessage,
  type NodeMessageOf,
  NODE_MESSAGE_VERSION as v,
} from '@farandole/protocol/node-message';
import type { NodeChannel } from './node-channel.ts';

interface HomeSocket {
  readonly edge: NodeId;
  readonly socket: string;
  readonly generation: number;
}

interface Movable {
  readonly id: string;
  readonly generation: number;
}

/** Sockets of other nodes that this node's gateway uses, because their sessions are here. */
export class HomeSockets {
  readonly #channel: Pick<NodeChannel, 'send'>;
  readonly #byId = new Map<ConnectionId, HomeSocket>();
  /** Messages that wait until a move is answered. Null while messages are sent at once. */
  #held: { readonly to: NodeId; readonly message: NodeMessage }[] | null = null;

  constructor(channel: Pick<NodeChannel, 'send'>) {
    this.#channel = channel;
  }

  /** Returns the gateway's name for a socket of another node. No socket of this node has it. */
  static idOf(edge: NodeId, socket: string): ConnectionId {
    return brandId<ConnectionId>(`${edge}/${socket}`);
  }

  get size(): number {
    return this.#byId.size;
  }

  has(id: ConnectionId): boolean {
    return this.#byId.has(id);
  }

  add(edge: NodeId, socket: string, generation: number): ConnectionId {
    const id = HomeSockets.idOf(edge, socket);
    this.#byId.set(id, { edge, socket, generation });
    return id;
  }

  delete(id: ConnectionId): boolean {
    return this.#byId.delete(id);
  }

  /** Removes and returns the sockets of a node. */
  takeOf(edge: NodeId): readonly ConnectionId[] {
    const ids = [...this.#byId].filter(([, each]) => each.edge === edge).map(([id]) => id);
    for (const id of ids) this.#byId.delete(id);
    return ids;
  }

  takeAll(): readonly ConnectionId[] {
    const ids = [...this.#byId.keys()];
    this.#byId.clear();
    return ids;
  }

  readUp(
    from: NodeId,
    { socket, text }: NodeMessageOf<'bridge.up'>,
  ): { readonly id: ConnectionId | null; readonly bytes: number } {
    const id = HomeSockets.idOf(from, socket);
    return this.#byId.has(id) ? { id, bytes: utf8Length(text) } : { id: null, bytes: 0 };
  }

  /**
   * Runs a handler whose answer must reach the edge before the frames that the handler sends, so
   * that the edge knows the frames' generation.
   */
  holding(run: () => void): void {
    this.#held = [];
    run();
    const held = this.#held;
    this.#held = null;
    for (const { to, message } of held) this.#channel.send(to, message);
  }

  /** Returns false if the socket is one of this node. */
  send(id: ConnectionId, text: string): boolean {
    const home = this.#byId.get(id);
    if (home === undefined) return false;
    const { edge, socket, generation } = home;
    this.#send(edge, { type: 'bridge.down', v, socket, generation, text });
    return true;
  }

  close(id: ConnectionId, reason: CloseReason): boolean {
    const home = this.#byId.get(id);
    // The names of other nodes' sockets are never names of this node's sockets.
    if (home === undefined) return id.includes('/');
    const { edge, socket, generation } = home;
    this.#byId.delete(id);
    this.#send(edge, { type: 'bridge.close', v, socket, generation, reason });
    return true;
  }

  /** Tells the edges which sessions they can fetch. */
  offer(movable: (id: ConnectionId) => Movable | null): void {
    for (const [id, { edge, socket }] of this.#byId) {
      const session = movable(id);
      if (session === null) continue;
      const attempt = { v, session: session.id, generation: session.generation, socket } as const;
      this.#channel.send(edge, { type: 'bridge.free', ...attempt });
    }
  }

  #send(to: NodeId, message: NodeMessage): void {
    if (this.#held === null) this.#channel.send(to, message);
    else this.#held.push({ to, message });
  }
}
