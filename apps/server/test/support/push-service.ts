import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:https';
import { selfSigned } from '@farandole/storage/test/self-signed';
import { isLoopback } from '../../src/net/address-range.ts';
import type { PushRoute } from '../../src/push/push-route.ts';

export interface ReceivedPush {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: number;
}

/** A push service on this machine, by HTTPS. */
export class PushService {
  readonly received: ReceivedPush[] = [];
  /** Answer to the next requests. */
  status = 201;
  location: string | null = null;
  onReceived: (push: ReceivedPush) => void = () => {};
  readonly #pair = selfSigned('localhost');
  readonly #server = createServer(this.#pair, (request, response) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    request.on('end', () => {
      const push = { path: request.url ?? '', headers: request.headers, bytes };
      this.received.push(push);
      response.writeHead(this.status, this.location === null ? {} : { Location: this.location });
      response.end('an answer');
      this.onReceived(push);
    });
  });

  static async start(): Promise<PushService> {
    const service = new PushService();
    await new Promise<void>((done) => service.#server.listen(0, 'localhost', done));
    return service;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Address at which the service listens. */
  get address(): string {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.address : '';
  }

  endpoint(name: string): string {
    return `https://localhost:${this.port}/push/${name}`;
  }

  /** Allows this push service and no other. */
  get route(): PushRoute {
    const { port } = this;
    return {
      isKnown: (url) => url.host === `localhost:${port}`,
      isAllowed: isLoopback,
      ca: this.#pair.cert,
    };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}
