import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { PROXY_KEEP_ALIVE_MS } from '../limits.ts';
import type { AddressRange } from '../net/address-range.ts';
import { isOfProxy } from './network-cap.ts';

/**
 * Closes sockets that stay idle between requests. After a stall Node's timers run before its reads,
 * so they would refuse requests that already arrived. This class reads pending input first.
 *
 * A listed proxy closes its own connections. It opens them in advance and would take a refusal on
 * one for the answer to its next request.
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
    // The listener is added after Node's own one, so it runs later and overrides the common
    // timeout.
    response?.on('finish', () => socket.setTimeout(PROXY_KEEP_ALIVE_MS));
  }

  /** Called when no complete request arrived in time. Calls `refuse` if part of one arrived. */
  late(socket: Socket, refuse: () => void): void {
    const requests = this.#requests.get(socket);
    setImmediate(() => {
      if (socket.destroyed || this.#requests.get(socket) !== requests) return;
      if (socket.bytesRead > 0) refuse();
      else if (this.#ofProxies.has(socket)) socket.setTimeout(PROXY_KEEP_ALIVE_MS);
      // Closes without an answer. If the client was just sending a request, it resends it.
      else socket.destroy();
    });
  }

  idle(socket: Socket, end: () => void): void {
    const { bytesRead } = socket;
    // Input that arrived has restarted Node's timer, so the socket isn't idle.
    setImmediate(() => {
      if (!socket.destroyed && socket.bytesRead === bytesRead) end();
    });
  }
}
