import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { DelayLine } from './delay-line.ts';
import type { Direction, UdpConditions } from './faults.ts';

export interface UdpFaultProxyOptions extends UdpConditions {
  readonly targetPort: number;
}

interface Lane {
  readonly direction: Direction;
  readonly line: DelayLine<Buffer>;
  /** Datagrams that came. */
  came: number;
  /** Bytes that were let through. */
  passed: number;
  /** One that waits to be overtaken. */
  late: Buffer | null;
}

/** One client's datagrams, which go on from a port of their own. */
interface Flow {
  readonly upstream: Socket;
  readonly up: Lane;
  readonly down: Lane;
}

/**
 * A UDP proxy on 127.0.0.1 that is the bad network: it delays, narrows, drops, doubles and
 * reorders, falls silent at an exact place, or is gone so that its port is unreachable.
 */
export class UdpFaultProxy {
  readonly #socket: Socket;
  readonly #options: UdpFaultProxyOptions;
  readonly #flows = new Map<string, Flow>();
  #state: 'open' | 'silent' | 'closed' = 'open';

  static async start(options: UdpFaultProxyOptions): Promise<UdpFaultProxy> {
    const socket = createSocket('udp4');
    const proxy = new UdpFaultProxy(socket, options);
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return proxy;
  }

  private constructor(socket: Socket, options: UdpFaultProxyOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.on('message', (bytes, from) => this.#came(this.#flowOf(from), 'up', bytes));
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** Datagrams vanish from now on, both ways. */
  silence(): void {
    if (this.#state === 'open') this.#state = 'silent';
  }

  /** Closes every port: who sends to one hears that it is unreachable, if it is connected to it. */
  reset(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    for (const { up, down, upstream } of this.#flows.values()) {
      up.line.clear();
      down.line.clear();
      upstream.close();
    }
    this.#socket.close();
  }

  #flowOf(from: RemoteInfo): Flow {
    const key = `${from.address}:${from.port}`;
    const known = this.#flows.get(key);
    if (known !== undefined) return known;
    const upstream = createSocket('udp4');
    const { targetPort } = this.#options;
    const flow: Flow = {
      upstream,
      up: this.#lane('up', (bytes) => upstream.send(bytes, targetPort, '127.0.0.1')),
      down: this.#lane('down', (bytes) => this.#socket.send(bytes, from.port, from.address)),
    };
    upstream.on('message', (bytes) => this.#came(flow, 'down', bytes));
    this.#flows.set(key, flow);
    return flow;
  }

  #lane(direction: Direction, send: (bytes: Buffer) => void): Lane {
    const line = new DelayLine<Buffer>(this.#options, send);
    return { direction, line, came: 0, passed: 0, late: null };
  }

  #came(flow: Flow, direction: Direction, bytes: Buffer): void {
    const lane = flow[direction];
    const fate = this.#options.fate?.(direction, lane.came) ?? 'pass';
    lane.came += 1;
    if (fate === 'drop') return;
    const overtaken = lane.late;
    lane.late = fate === 'late' ? bytes : null;
    if (fate !== 'late') this.#pass(lane, bytes);
    if (fate === 'twice') this.#pass(lane, bytes);
    if (overtaken !== null) this.#pass(lane, overtaken);
  }

  #pass(lane: Lane, bytes: Buffer): void {
    if (this.#state !== 'open') return;
    const { cut } = this.#options;
    if (cut?.direction === lane.direction && lane.passed + bytes.length > cut.afterBytes) {
      if (cut.kind === 'reset') this.reset();
      else this.silence();
      return;
    }
    lane.passed += bytes.length;
    lane.line.push(bytes, bytes.length);
  }
}
