import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { PROXY_KEEP_ALIVE_MS } from '../limits.ts';
import type { AddressRange } from '../net/address-range.ts';
import { isOfProxy } from './network-cap.ts';

/**
 * Sockets on which no request comes for too long. Node tells their time by timers, which come before
 * what it reads: what came while a process was busy, or stood still, would be refused or thrown away
 * unread. So what is there is read first.
 *
 * A proxy opens connections ahead and keeps them, and whatever is said to it there it takes for the
 * answer to somebody's request. So it is the proxy that closes them.
 */
export class WaitingSockets {
  readonly #requests = new WeakMap<object, number>();
  readonly #ofProxies = new WeakSet<Socket>();

  constructor(server: Server, proxies: readonly AddressRange[]) {
    server.on('connection', (socket) => {
      if (isOfProxy(socket, proxies)) this.#ofProxies.add(socket);
    });
  }

  /** The headers of a request are here. */
  begin({ socket }: IncomingMessage, response: ServerResponse | null = null): void {
    this.#requests.set(socket, (this.#requests.get(socket) ?? 0) + 1);
    if (!this.#ofProxies.has(socket)) return;
    // After Node's own listener, which allows as long as anybody has.
    response?.on('finish', () => socket.setTimeout(PROXY_KEEP_ALIVE_MS));
  }

  /** No request has come in time: `refuse` is for one of which some is here. */
  late(socket: Socket, refuse: () => void): void {
    const requests = this.#requests.get(socket);
    setImmediate(() => {
      if (socket.destroyed || this.#requests.get(socket) !== requests) return;
      if (socket.bytesRead > 0) refuse();
      else if (this.#ofProxies.has(socket)) socket.setTimeout(PROXY_KEEP_ALIVE_MS);
      // Whoever opened it for a request that is just being sent sends it again elsewhere.
      else socket.destroy();
    });
  }

  /** Nothing has passed for too long. */
  idle(socket: Socket, end: () => void): void {
    const { bytesRead } = socket;
    // With what comes Node's timer begins anew.
    setImmediate(() => {
      if (!socket.destroyed && socket.bytesRead === bytesRead) end();
    });
  }
}
