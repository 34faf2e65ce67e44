import type { OpenSocket, Socket, SocketListener } from '../signal/ports.ts';

export interface NodeSocket {
  send(text: string): void;
  close(code: number, reason: string): void;
}

export interface NodeSocketListener {
  message(text: string): void;
  closed(code: number): void;
}

type Packet =
  | { readonly to: 'node' | 'page'; readonly what: 'frame'; readonly text: string }
  | {
      readonly to: 'node' | 'page';
      readonly what: 'close';
      readonly code: number;
      readonly reason: string;
      readonly closed?: () => void;
    };

interface Wire {
  readonly id: number;
  readonly page: SocketListener;
  node: NodeSocketListener | null;
  readonly packets: Packet[];
  state: 'open' | 'closed';
}

/** Accepts a socket. Returns null if the token doesn't permit a socket. */
type Accept = (socket: NodeSocket, token: string) => NodeSocketListener | null;

/**
 * Connects pages to a node by sockets in memory. A test delivers frames in order and can cut the
 * connection after any frame, either with a close event at both ends or unnoticed.
 */
export class FakeLink {
  readonly #accept: Accept;
  readonly #wires: Wire[] = [];
  #delivered = 0;
  #cut: { readonly atFrame: number; readonly how: 'close' | 'swallow' } | null = null;
  #opened = 0;
  /**
   * With `refuse` each new socket fails at once. With `swallow` sockets stay open, but every frame
   * is lost.
   */
  mode: 'pass' | 'refuse' | 'swallow' = 'pass';

  constructor(accept: Accept) {
    this.#accept = accept;
  }

  get opened(): number {
    return this.#opened;
  }

  get delivered(): number {
    return this.#delivered;
  }

  /**
   * Delivers the given number of frames and then cuts the connection.
   * @param how with `close` both ends see the socket fail; with `swallow` all later frames are
   *   lost and neither end notices
   */
  cutAfter(frames: number, how: 'close' | 'swallow'): void {
    this.#cut = { atFrame: frames, how };
  }

  /** Closes all sockets with a failure at both ends. New sockets are refused. */
  breakOff(): void {
    this.mode = 'refuse';
    this.cutNow('close');
  }

  cutNow(how: 'close' | 'swallow'): void {
    for (const wire of this.#wires) this.#cutWire(wire, how);
  }

  deliverLate(text: string): void {
    for (const wire of this.#wires) wire.page.message(text);
  }

  readonly openSocket: OpenSocket = (page, token) => {
    this.#opened += 1;
    const wire: Wire = { id: this.#opened, page, node: null, packets: [], state: 'open' };
    this.#wires.push(wire);
    if (this.mode === 'refuse') {
      wire.packets.push({ to: 'page', what: 'close', code: 1006, reason: '' });
    } else if (this.mode === 'pass') {
      const node: NodeSocket = {
        send: (text) => wire.packets.push({ to: 'page', what: 'frame', text }),
        close: (code, reason) => wire.packets.push({ to: 'page', what: 'close', code, reason }),
      };
      wire.node = this.#accept(node, token);
      if (wire.node === null) node.close(1006, '');
    }
    const socket: Socket = {
      send: (text) => {
        if (wire.state === 'open') wire.packets.push({ to: 'node', what: 'frame', text });
      },
      close: (code, reason, closed = () => {}) => {
        if (wire.state !== 'open') return;
        wire.packets.push({ to: 'node', what: 'close', code, reason, closed });
      },
    };
    return socket;
  };

  /**
   * Delivers at most one frame of each socket.
   * @returns whether any frame was delivered
   */
  readonly pump = (): boolean => {
    let moved = false;
    for (const wire of this.#wires) {
      // Each socket delivers one frame in turn, so that replies from different sockets interleave
      // as on a real network.
      const packet = this.mode === 'swallow' ? undefined : wire.packets.shift();
      if (packet === undefined) continue;
      moved = true;
      this.#deliver(wire, packet);
    }
    return moved;
  };

  #deliver(wire: Wire, packet: Packet): void {
    if (packet.what === 'close') {
      wire.state = 'closed';
      wire.packets.length = 0;
      if (packet.to === 'page') {
        wire.page.closed(packet.code, packet.reason);
        wire.node?.closed(packet.code);
      } else {
        wire.node?.closed(packet.code);
        packet.closed?.();
      }
      return;
    }
    if (this.#cut !== null && this.#delivered >= this.#cut.atFrame) {
      const { how } = this.#cut;
      this.#cut = null;
      this.#cutWire(wire, how);
      return;
    }
    this.#delivered += 1;
    if (packet.to === 'page') wire.page.message(packet.text);
    else wire.node?.message(packet.text);
  }

  #cutWire(wire: Wire, how: 'close' | 'swallow'): void {
    if (wire.state === 'closed') return;
    wire.state = 'closed';
    wire.packets.length = 0;
    if (how === 'swallow') return;
    wire.node?.closed(1006);
    wire.page.closed(1006, '');
  }
}
