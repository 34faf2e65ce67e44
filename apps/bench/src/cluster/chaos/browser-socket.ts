import { SOCKET_PATH, SUBPROTOCOL } from '@farandole/protocol/http-api';
import type { OpenSocket } from '@farandole/web/signal/ports';
import { WebSocket } from 'ws';

export interface SocketFacts {
  readonly port: number;
  readonly from: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Header of the proxy that names the node of a socket. */
export const NODE_HEADER = 'x-node';

/**
 * Opens sockets as a browser does, through the proxy.
 *
 * @param onNode called with the node of each opened socket
 * @param onText called with each received frame, before the page gets it
 */
export function openChaosSocket(
  facts: () => SocketFacts,
  onNode: (node: string) => void,
  onText: (text: string) => void,
): OpenSocket {
  return (listener, token) => {
    const { port, from, headers } = facts();
    const socket = new WebSocket(`ws://127.0.0.1:${port}${SOCKET_PATH}`, [SUBPROTOCOL, token], {
      localAddress: from,
      perMessageDeflate: false,
      headers,
    });
    let isOver = false;
    socket.on('upgrade', ({ headers: answered }) => {
      const node = answered[NODE_HEADER];
      if (typeof node === 'string') onNode(node);
    });
    socket.on('message', (data: Buffer) => {
      if (isOver) return;
      const text = data.toString('utf8');
      onText(text);
      listener.message(text);
    });
    // The event `close` follows each error.
    socket.on('error', () => {});
    socket.on('close', (code, reason) => {
      if (isOver) return;
      isOver = true;
      listener.closed(code, reason.toString('utf8'));
    });
    return {
      send: (text) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      close: (code, reason, closed) => {
        if (closed !== undefined) socket.on('close', closed);
        isOver = true;
        if (socket.readyState === WebSocket.OPEN) socket.close(code, reason);
        else socket.terminate();
      },
    };
  };
}
