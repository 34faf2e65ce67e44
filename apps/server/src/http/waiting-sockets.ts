import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { PROXY_KEEP_ALIVE_MS } from '../limits.ts';
import type { AddressRange } from '../net/address-range.ts';
import { isOfProxy } from './network-cap.ts';

/**
 * Closes sockets that stay idle between requests. After the process stalled, Node runs timers
 * before reads, so its timers would refuse requests that already arrived. This class reads pending
 * input first.
 *
 * A listed proxy closes idle connections itself. The proxy opens connections in advance, and would
 * take a refusal on an unused one for the answer to its next request.
 */
export class WaitingSockets {
  readonly #requests = new WeakMap<object, number>();
  readonly #ofProxies = new WeakSet<Socket>();

  constructor(server: Server, proxies: readonly AddressRange[]) {
    server.on('connection', (socket) => {
      if (isOfProxy(socket, proxies)) this.#ofProxies.add(socket);
    });
  }

  /** Called when the headers of a request are read. */
  begin({ socket }: IncomingMessage, response: ServerResponse | null = null): void {
    this.#requests.set(socket, (this.#requests.get(socket) ?? 0) + 1);
    if (!this.#ofProxies.has(socket)) return;
    // This listener is added after Node's own `finish` listener, so it runs later and overrides the
    // common timeout.
    response?.on('finish', () => socket.setTimeout(PROXY_KEEP_ALIVE_MS));
  }

  /** Called when no complete request arrived in time. Calls `refuse` if part of one arrived. */
  late(socket: Socket, refuse: () => void): void {
    const requests = this.#requests.get(socket);
    setImmediate(() => {
      if (socket.destroyed || this.#requests.get(socket) !== requests) return;
      if (socket.bytesRead > 0) refuse();
      else if (this.#ofProxies.has(socket)) socket.setTimeout(PROXY_KEEP_ALIVE_MS);
      // The socket is closed without an answer, so a client that was just sending a request sends
      // it again.
      else socket.destroy();
    });
  }

  idle(socket: Socket, end: () => void): void {
    const { bytesRead } = socket;
    // New input restarts Node's timer, so a socket with new input isn't idle.
    setImmediate(() => {
      if (!socket.destroyed && socket.bytesRead === bytesRead) end();
    });
  }
}
