import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { handshakeHeaders, handshakeText, madeUpTicket } from '../../support/handshake.ts';

export interface TcpAttacker {
  readonly socket: Socket;
  /** Returns all bytes received so far, one character per byte. */
  received(): string;
  /** Resolves with everything received when either side closes the socket. */
  readonly ended: Promise<string>;
}

/** @param from a loopback address; each 127.x.y.0/24 is a separate network */
export async function attackByTcp(
  t: TestContext,
  port: number,
  from = '127.80.0.1',
): Promise<TcpAttacker> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from, noDelay: true });
  t.after(() => socket.destroy());
  // A server may reset a client that keeps writing. A response that arrived before the reset still
  // counts.
  socket.on('error', () => {});
  const chunks: string[] = [];
  socket.setEncoding('latin1').on('data', (chunk: string) => chunks.push(chunk));
  const ended = new Promise<string>((resolve) => {
    socket.once('close', () => resolve(chunks.join('')));
  });
  await Promise.race([once(socket, 'connect'), ended]);
  return { socket, received: () => chunks.join(''), ended };
}

/**
 * Returns the request of a WebSocket handshake with a made-up cookie.
 * @param ticket a ticket of the made-up cookie; by default a text that is no ticket
 * @param more additional header lines
 */
export function upgradeRequest(
  port: number,
  ticket?: string,
  more: readonly string[] = [],
): string {
  const lines = more.map((line) => `${line}\r\n`).join('');
  return handshakeText(handshakeHeaders(port, ticket)).replace(/\r\n$/, `${lines}\r\n`);
}

/** Connects a client that has a ticket of the made-up cookie. */
export async function admittedByTcp(
  t: TestContext,
  port: number,
  from: string,
): Promise<TcpAttacker & { readonly ticket: string }> {
  const ticket = await madeUpTicket(port, from);
  return { ...(await attackByTcp(t, port, from)), ticket };
}
