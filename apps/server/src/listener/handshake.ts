import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RawHeaders } from '../http/hardened-server.ts';
import type { ProblemKind } from '../http/problem.ts';

/** Appended to the client's key, as the proof that its request was understood as one. */
const HANDSHAKE_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const VERSION = '13';
/** The base64 of 16 bytes. */
const KEY = /^[A-Za-z0-9+/]{22}==$/;

/** What a request hears that asks for an upgrade and cannot become a WebSocket. */
export interface HandshakeRefusal {
  readonly kind: Extract<ProblemKind, 'bad-request' | 'method-not-allowed'>;
  readonly detail: string;
  readonly headers: RawHeaders;
}

const NOT_GET: HandshakeRefusal = {
  kind: 'method-not-allowed',
  detail: 'Only GET can be used here.',
  headers: [['Allow', 'GET']],
};
const NO_HANDSHAKE: HandshakeRefusal = {
  kind: 'bad-request',
  detail: 'This is no WebSocket handshake of RFC 6455.',
  headers: [['Sec-WebSocket-Version', VERSION]],
};

/** Judges a handshake (RFC 6455, section 4.2.1); null when there is nothing to refuse. */
export function judgeHandshake({
  method,
  headers,
}: Pick<IncomingMessage, 'method' | 'headers'>): HandshakeRefusal | null {
  if (method !== 'GET') return NOT_GET;
  const isOurs =
    headers['sec-websocket-version'] === VERSION && KEY.test(headers['sec-websocket-key'] ?? '');
  return isOurs ? null : NO_HANDSHAKE;
}

/**
 * The answer that makes a socket a WebSocket (RFC 6455, section 4.2.2). Whatever extensions and
 * subprotocols a client offers, none is chosen.
 */
export function handshakeAnswer(key: string): string {
  const accept = hash('sha1', key + HANDSHAKE_GUID, 'base64');
  return (
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    `Sec-WebSocket-Accept: ${accept}\r\n\r\n`
  );
}
