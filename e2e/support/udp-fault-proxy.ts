import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { DelayLine } from './delay-line.ts';

export interface UdpFaultProxyOptions {
  readonly targetPort: number;
  /** Latency in each direction, in ms. */
  readonly latencyMs?: number;
  /**
   * Returns whether a datagram is dropped.
   * @param index number of the datagram from 0, per direction and client
   */
  readonly isLost?: (index: number) => boolean;
}

interface Flow {
  readonly line: DelayLine<Buffer>;
  came: number;
}

interface Client {
  readonly upstream: Socket;
  readonly up: Flow;
  readonly down: Flow;
}

/** A UDP proxy on 127.0.0.1 that delays and drops datagrams. */
export class UdpFaultProxy {
  readonly #socket: Socket;
  readonly #options: UdpFaultProxyOptions;
  readonly #clients = new Map<string, Client>();

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
    socket.on('message', (bytes, from) => this.#came(this.#clientAt(from).up, bytes));
  }

  get port(): number {
    return this.#socket.address().port;
  }

  stop(): void {
    for (const { up, down, upstream } of this.#clients.values()) {
      up.line.clear();
      down.line.clear();
      upstream.close();
    }
    this.#socket.close();
  }

  #clientAt(from: RemoteInfo): Client {
    const key = `${from.address}:${from.port}`;
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    const upstream = createSocket('udp4');
    const { targetPort } = this.#options;
    const client: Client = {
      upstream,
      up: this.#flow((bytes) => upstream.send(bytes, targetPort, '127.0.0.1')),
      down: this.#flow((bytes) => this.#socket.send(bytes, from.port, from.address)),
    };
    upstream.on('message', (bytes) => this.#came(client.down, bytes));
    this.#clients.set(key, client);
    return client;
  }

  #flow(send: (bytes: Buffer) => void): Flow {
    const { latencyMs } = this.#options;
    return { line: new DelayLine(latencyMs === undefined ? {} : { latencyMs }, send), came: 0 };
  }

  #came(flow: Flow, bytes: Buffer): void {
    const isLost = this.#options.isLost?.(flow.came) ?? false;
    flow.came += 1;
    if (!isLost) flow.line.push(bytes, bytes.length);
  }
}
