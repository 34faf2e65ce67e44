/** A cookie of the right shape, which no server gave. */
export const MADE_UP_COOKIE = `__Host-farandole=${'a'.repeat(43)}`;

/** The headers of a WebSocket handshake that a server on this port accepts. */
export function handshakeHeaders(port: number): Readonly<Record<string, string>> {
  return {
    Host: `localhost:${port}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': Buffer.alloc(16).toString('base64'),
    Origin: `http://localhost:${port}`,
    Cookie: MADE_UP_COOKIE,
  };
}

/** A request for a WebSocket as text, with these headers. */
export function handshakeText(headers: Readonly<Record<string, string>>, method = 'GET'): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} /ws HTTP/1.1`, ...lines, '', ''].join('\r\n');
}
