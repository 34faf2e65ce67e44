import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A TCP proxy on loopback that stands between a page and a node, and can be the bad network:
 * it cuts, it falls silent, it refuses. Media does not pass through it.
 */
export class LinkProxy {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #mode: 'open' | 'silent' | 'refusing' = 'open';
  #targetPort: number;

  private constructor(server: Server, targetPort: number) {
    this.#server = server;
    this.#targetPort = targetPort;
    server.on('connection', (downstream) => this.#accept(downstream));
  }

  static async start(targetPort = 0): Promise<LinkProxy> {
    const server = createServer({ pauseOnConnect: true });
    const proxy = new LinkProxy(server, targetPort);
    server.listen(0, 'localhost');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy is closed');
    return address.port;
  }

  /** Where the connections go; a node can be started once the proxy's own port is known. */
  aimAt(port: number): void {
    this.#targetPort = port;
  }

  /** Resets every connection and refuses new ones, as when the cable is pulled on a router. */
  cut(): void {
    this.#mode = 'refusing';
    for (const [downstream, upstream] of this.#pairs) {
      downstream.resetAndDestroy();
      upstream.resetAndDestroy();
    }
  }

  /** Passes nothing more, and says nothing: both ends believe that they are connected. */
  silence(): void {
    this.#mode = 'silent';
    for (const [downstream, upstream] of this.#pairs) {
      downstream.pause();
      upstream.pause();
    }
  }

  /** Works again. What was in flight while it was silent stays lost with its connection. */
  heal(): void {
    this.#mode = 'open';
    for (const [downstream, upstream] of this.#pairs) {
      downstream.resume();
      upstream.resume();
    }
  }

  async stop(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(downstream: Socket): void {
    if (this.#mode === 'refusing') {
      downstream.resetAndDestroy();
      return;
    }
    const upstream = connect(this.#targetPort, 'localhost');
    const pair = [downstream, upstream] as const;
    this.#pairs.add(pair);
    const end = (): void => {
      this.#pairs.delete(pair);
      downstream.destroy();
      upstream.destroy();
    };
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', end);
    }
    downstream.on('data', (chunk) => upstream.write(chunk));
    upstream.on('data', (chunk) => downstream.write(chunk));
    if (this.#mode === 'open') downstream.resume();
    else upstream.pause();
  }
}
