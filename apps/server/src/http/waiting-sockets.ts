import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { PROXY_KEEP_ALIVE_MS } from '../limits.ts';
import type { AddressRange } from '../net/address-range.ts';
import { isOfProxy } from './network-cap.ts';

/**
 * Closes sockets that stay idle between requests. Node's timers run before its reads, so after a
 * stall they would refuse requests that already arrived. This reads pending input first.
 *
 * A proxy opens connections in advance and takes anything sent on them for the answer to a request,
 * so the proxy closes its own.
 */
export class WaitingSockets {
  readonly #requests = new WeakMap<object, number>();
  readonly #ofProxies = new WeakSet<Socket>();

  constructor(server: Server, proxies: readonly AddressRange[]) {
    server.on('connection', (socket) => {
      if (isOfProxy(socket, proxies)) this.#ofProxies.add(socket);
    });
  }

  /** Called once a request's headers are read. */
  begin({ socket }: IncomingMessage, response: ServerResponse | null = null): void {
    this.#requests.set(socket, (this.#requests.get(socket) ?? 0) + 1);
    if (!this.#ofProxies.has(socket)) return;
    // Runs after Node's own listener, which sets the common timeout.
    response?.on('finish', () => socket.setTimeout(PROXY_KEEP_ALIVE_MS));
  }

  /** No request arrived in time. Calls `refuse` if part of one did. */
  late(socket: Socket, refuse: () => void): void {
    const requests = this.#requests.get(socket);
    setImmediate(() => {
      if (socket.destroyed || this.#requests.get(socket) !== requests) return;
      if (socket.bytesRead > 0) refuse();
      else if (this.#ofProxies.has(socket)) socket.setTimeout(PROXY_KEEP_ALIVE_MS);
      // The client resends a request that it was just sending.
      else socket.destroy();
    });
  }

  idle(socket: Socket, end: () => void): void {
    const { bytesRead } = socket;
    // Input restarts Node's timer.
    setImmediate(() => {
      if (!socket.destroyed && socket.bytesRead === bytesRead) end();
    });
  }
}
