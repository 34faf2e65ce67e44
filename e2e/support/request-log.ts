import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * An HTTP proxy that records requested paths. Files in the browser's cache aren't recorded,
 * because the browser doesn't request them again.
 */
export class RequestLog {
  /** Requested paths, without the host. */
  readonly asked: string[] = [];
  /** Scripts that the proxy serves instead of the target's, by path without query. */
  readonly scripts = new Map<string, string>();
  readonly #server: Server;
  readonly #tunnels = new Set<Duplex>();
  #targetPort = 0;

  static async start(): Promise<RequestLog> {
    const log = new RequestLog();
    log.#server.listen(0, 'localhost');
    await once(log.#server, 'listening');
    return log;
  }

  private constructor() {
    this.#server = createServer((incoming, outgoing) => {
      const script = this.scripts.get(incoming.url?.split('?')[0] ?? '');
      if (script !== undefined) {
        outgoing.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script);
        return;
      }
      const onward = request({ ...this.#target(incoming), headers: incoming.headers });
      onward.on('response', (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(outgoing);
      });
      // When one end closes, the proxy closes the other.
      onward.on('error', () => outgoing.destroy());
      outgoing.on('close', () => onward.destroy());
      incoming.pipe(onward);
    });
    this.#server.on('upgrade', (incoming, socket, head) => this.#tunnel(incoming, socket, head));
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the log is closed');
    return `http://localhost:${address.port}`;
  }

  /** Sets the port of the target, which may start after this proxy. */
  aimAt(port: number): void {
    this.#targetPort = port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#tunnels) socket.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #target({ method, url = '/' }: IncomingMessage) {
    this.asked.push(url);
    return { host: 'localhost', port: this.#targetPort, method, path: url };
  }

  #tunnel(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { host, port, method, path } = this.#target(incoming);
    const onward = connect(port, host);
    const lines = [`${method} ${path} HTTP/1.1`];
    for (let i = 0; i < incoming.rawHeaders.length; i += 2) {
      lines.push(`${incoming.rawHeaders[i]}: ${incoming.rawHeaders[i + 1]}`);
    }
    onward.write(`${lines.join('\r\n')}\r\n\r\n`);
    onward.write(head);
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      this.#tunnels.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#tunnels.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}
