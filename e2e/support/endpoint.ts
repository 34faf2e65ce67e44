import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { WebSocket } from 'ws';

export interface Endpoint {
  /** Origin to connect to, such as `https://meet.test`. */
  readonly origin: string;
  /** Unix socket or local port to connect to instead of the origin's address. */
  readonly by?: { readonly socketPath: string } | { readonly port: number };
}

/** Connects without checking certificates, as an attacker would. */
function connectBy({ origin, by }: Endpoint): Duplex {
  const { protocol, hostname, port } = new URL(origin);
  const isTls = protocol === 'https:';
  const address =
    by === undefined
      ? { host: hostname, port: Number(port) || (isTls ? 443 : 80) }
      : 'port' in by
        ? { host: 'localhost', port: by.port }
        : { path: by.socketPath };
  return isTls
    ? connectTls({ ...address, servername: hostname, rejectUnauthorized: false })
    : connect(address);
}

export async function post(
  way: Endpoint,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): Promise<{ readonly headers: IncomingMessage['headers']; readonly body: unknown }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const { host } = new URL(way.origin);
    const sent = request({
      createConnection: () => connectBy(way),
      method: 'POST',
      path,
      headers: { Host: host, 'Content-Type': 'application/json', ...headers },
    });
    sent.once('response', resolve);
    sent.once('error', reject);
    sent.end(JSON.stringify(body));
  });
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) text += String(chunk);
  return { headers: response.headers, body: JSON.parse(text) };
}

/**
 * @param token session ticket, or secret of a session
 * @param on handlers; `close` gets the server's code and reason, or 1006 for a lost connection
 * @throws Error when the server refuses the upgrade
 */
export async function openSocket(
  way: Endpoint,
  path: string,
  token: string,
  headers: Readonly<Record<string, string>>,
  on: { readonly text: (text: string) => void; readonly close: (why: string) => void },
): Promise<WebSocket> {
  const socket = new WebSocket(way.origin.replace(/^http/, 'ws') + path, ['farandole', token], {
    createConnection: () => connectBy(way),
    headers,
    perMessageDeflate: false,
  });
  socket.on('message', (data) => on.text((data as Buffer).toString('utf8')));
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  // The error is ignored, because 'close' follows every error.
  socket.on('error', () => {});
  socket.on('close', (code, reason) => on.close(`${code} ${reason.toString('utf8')}`));
  return socket;
}
