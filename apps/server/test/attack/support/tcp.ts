import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** A TCP socket of an attacker's, and what it was answered. */
export interface TcpAttacker {
  readonly socket: Socket;
  /** Everything that came, one byte a character. */
  received(): string;
  /** Resolves with that when the socket is closed, whoever closed it. */
  readonly ended: Promise<string>;
}

/** @param from a loopback address: each 127.x.y is another network */
export async function attackByTcp(
  t: TestContext,
  port: number,
  from = '127.80.0.1',
): Promise<TcpAttacker> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from, noDelay: true });
  t.after(() => socket.destroy());
  // A server may reset whoever goes on writing; what it answered before counts.
  socket.on('error', () => {});
  const chunks: string[] = [];
  socket.setEncoding('latin1').on('data', (chunk: string) => chunks.push(chunk));
  const ended = new Promise<string>((resolve) => {
    socket.once('close', () => resolve(chunks.join('')));
  });
  await Promise.race([once(socket, 'connect'), ended]);
  return { socket, received: () => chunks.join(''), ended };
}

/** A cookie of the right shape, which no server gave. */
export const MADE_UP_COOKIE = `__Host-farandole=${'a'.repeat(43)}`;

/** A request to become a WebSocket, as a browser with that cookie makes it. */
export function upgradeRequest(port: number, headers: readonly string[] = []): string {
  return [
    'GET /ws HTTP/1.1',
    `Host: localhost:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}`,
    `Origin: http://localhost:${port}`,
    `Cookie: ${MADE_UP_COOKIE}`,
    ...headers,
    '',
    '',
  ].join('\r\n');
}
