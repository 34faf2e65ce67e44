import assert from 'node:assert/strict';
import { askForTicket } from '@farandole/e2e/http';
import type { SessionTicketReply } from '@farandole/protocol/http-api';

/** A well-formed cookie that no server issued. */
export const MADE_UP_COOKIE = `__Host-farandole=${'a'.repeat(43)}`;

/** Requests a session ticket for the user of the made-up cookie. */
export async function madeUpTicket(port: number, from?: string): Promise<string> {
  const { answer } = await askForTicket({
    port,
    cookie: MADE_UP_COOKIE,
    ...(from === undefined ? {} : { from }),
  });
  assert.equal(answer.status, 200, answer.text());
  return (answer.json() as SessionTicketReply).ticket;
}

/** @param ticket a ticket of the made-up cookie; by default a text that is no ticket */
export function handshakeHeaders(
  port: number,
  ticket = 'no-ticket',
): Readonly<Record<string, string>> {
  return {
    Host: `localhost:${port}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': Buffer.alloc(16).toString('base64'),
    'Sec-WebSocket-Protocol': `farandole, ${ticket}`,
    Origin: `http://localhost:${port}`,
    Cookie: MADE_UP_COOKIE,
  };
}

/** Returns the headers of a handshake with a new ticket. */
export async function admittedHeaders(
  port: number,
  from?: string,
): Promise<Readonly<Record<string, string>>> {
  return handshakeHeaders(port, await madeUpTicket(port, from));
}

export function handshakeText(headers: Readonly<Record<string, string>>, method = 'GET'): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} /ws HTTP/1.1`, ...lines, '', ''].join('\r\n');
}
