import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { TcpConditions } from './faults.ts';
import { TcpLink } from './tcp-link.ts';

export interface TcpFaultProxyOptions {
  /** Port of the target. `aimAt` can set the port later. */
  readonly targetPort?: number;
  /** Host on which the proxy listens and to which it connects. By default `localhost`. */
  readonly host?: string;
  /** Whether the proxy connects to the target from the client's own loopback address. */
  readonly keepsSource?: boolean;
  /**
   * Returns the conditions of a connection. Called once per connection.
   * @param from the client's address
   */
  readonly conditionsFor?: (from: string) => TcpConditions;
  /** Called before the proxy forwards any byte of the connection. */
  readonly onLink?: (link: TcpLink) => void;
}

/** A TCP proxy that simulates network faults per connection, exact to the byte. */
export class TcpFaultProxy {
  readonly #server: Server;
  readonly #options: TcpFaultProxyOptions;
  readonly #links = new Set<TcpLink>();
  #targetPort: number;
  #mode: 'open' | 'silent' | 'refusing' = 'open';

  static async start(options: TcpFaultProxyOptions = {}): Promise<TcpFaultProxy> {
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true });
    const proxy = new TcpFaultProxy(server, options);
    server.listen(0, options.host ?? 'localhost');
    await once(server, 'listening');
    return proxy;
  }

  private constructor(server: Server, options: TcpFaultProxyOptions) {
    this.#server = server;
    this.#options = options;
    this.#targetPort = options.targetPort ?? 0;
    server.on('connection', (downstream) => this.#accept(downstream));
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy is closed');
    return address.port;
  }

  /** Connections with at least one open end. */
  get links(): ReadonlySet<TcpLink> {
    return this.#links;
  }

  /** Sets the port of the target, which may start after the proxy. */
  aimAt(port: number): void {
    this.#targetPort = port;
  }

  cut(): void {
    this.#mode = 'refusing';
    for (const link of this.#links) link.cut('reset');
  }

  /**
   * Drops all bytes of all connections without notice. Both ends of each connection stay
   * connected.
   */
  silence(): void {
    this.#mode = 'silent';
    for (const link of this.#links) link.cut('vanish');
  }

  /** Lets new connections through again. Connections that were cut or silenced stay broken. */
  heal(): void {
    this.#mode = 'open';
  }

  async stop(): Promise<void> {
    this.#mode = 'refusing';
    for (const link of this.#links) link.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(downstream: Socket): void {
    if (this.#mode === 'refusing') {
      downstream.resetAndDestroy();
      return;
    }
    const { host = 'localhost', keepsSource = false, conditionsFor, onLink } = this.#options;
    const from = downstream.remoteAddress ?? '';
    const upstream = connect({
      port: this.#targetPort,
      host,
      allowHalfOpen: true,
      noDelay: true,
      ...(keepsSource ? { localAddress: from } : {}),
    });
    const link = new TcpLink(from, downstream, upstream, conditionsFor?.(from) ?? {});
    this.#links.add(link);
    link.onGone = () => this.#links.delete(link);
    onLink?.(link);
    if (this.#mode === 'silent') link.cut('vanish');
    link.begin();
  }
}
