import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { TcpConditions } from './faults.ts';
import { TcpLink } from './tcp-link.ts';

export interface TcpFaultProxyOptions {
  /** Where connections go; `aimAt` says it later. */
  readonly targetPort?: number;
  /** Both where it listens and where the target is; `localhost` where it is left out. */
  readonly host?: string;
  /** Goes on from the client's own loopback address, so that the target sees who it is. */
  readonly keepsSource?: boolean;
  /** Asked once for each connection, when it comes. @param from the client's address */
  readonly conditionsFor?: (from: string) => TcpConditions;
  /** Told of each connection, before any byte of it passes. */
  readonly onLink?: (link: TcpLink) => void;
}

/**
 * A TCP proxy on loopback that stands between a client and a server and is the bad network, for
 * each connection in its own way and exact to the byte.
 */
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

  /** The connections of which an end is still open. */
  get links(): ReadonlySet<TcpLink> {
    return this.#links;
  }

  /** Where the connections go; a server can be started once the proxy's own port is known. */
  aimAt(port: number): void {
    this.#targetPort = port;
  }

  /** Resets every connection and refuses new ones, as when the cable is pulled on a router. */
  cut(): void {
    this.#mode = 'refusing';
    for (const link of this.#links) link.cut('reset');
  }

  /** Passes nothing more, and says nothing: all ends believe that they are connected. */
  silence(): void {
    this.#mode = 'silent';
    for (const link of this.#links) link.cut('vanish');
  }

  /** New connections pass again; those that were cut or silenced stay what they are. */
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
