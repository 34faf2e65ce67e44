/**
 * The baseline of a WebSocket server on Bun: `Bun.serve` pairs sockets in order of arrival and
 * forwards every message, to both sockets of a pair if the message says so. It runs on Bun as a
 * separate process and prints its port.
 */
import { PAIRED, TO_BOTH } from '../load/load-client.ts';
import { Pairs } from './pairs.ts';

interface BunSocket {
  send(message: string | Uint8Array): number;
}

interface BunServer {
  readonly port: number;
  upgrade(request: Request): boolean;
}

interface Bun {
  serve(options: {
    readonly hostname: string;
    readonly port: number;
    fetch(request: Request, server: BunServer): Response | undefined;
    readonly websocket: {
      readonly idleTimeout: number;
      readonly sendPings: boolean;
      readonly perMessageDeflate: boolean;
      open(socket: BunSocket): void;
      message(socket: BunSocket, message: string | Uint8Array): void;
      close(socket: BunSocket): void;
    };
  }): BunServer;
}

const { Bun: bun } = globalThis as unknown as { readonly Bun: Bun };
const pairs = new Pairs<BunSocket>();

const { port } = bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch: (request, server) =>
    server.upgrade(request) ? undefined : new Response(null, { status: 426 }),
  websocket: {
    idleTimeout: 0,
    sendPings: false,
    perMessageDeflate: false,
    open: (socket) => {
      const first = pairs.add(socket);
      if (first === null) return;
      first.send(PAIRED);
      socket.send(PAIRED);
    },
    message: (socket, message) => {
      pairs.other(socket)?.send(message);
      if (typeof message === 'string' && message.startsWith(TO_BOTH)) socket.send(message);
    },
    close: (socket) => pairs.remove(socket),
  },
});
console.log(`listening ${port}`);
