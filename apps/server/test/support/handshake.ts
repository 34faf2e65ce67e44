/** A well-formed cookie that no server issued. */
export const MADE_UP_COOKIE = `__Host-farandole=${'a'.repeat(43)}`;

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

export function handshakeText(headers: Readonly<Record<string, string>>, method = 'GET'): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} /ws HTTP/1.1`, ...lines, '', ''].join('\r\n');
}
