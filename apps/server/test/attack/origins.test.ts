import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ICE_SERVERS_PATH, SESSION_TICKET_PATH } from '@farandole/protocol/http-api';
import { MADE_UP_COOKIE } from '../support/handshake.ts';
import { besiege } from './support/siege.ts';
import { attackByTcp } from './support/tcp.ts';

type Origins = readonly string[];

function foreignTo(port: number): readonly Origins[] {
  const own = `http://localhost:${port}`;
  const single = [
    '',
    'null',
    '*',
    'http://evil.example',
    'https://evil.example',
    // Another scheme, port or spelling.
    `https://localhost:${port}`,
    `ws://localhost:${port}`,
    `HTTP://localhost:${port}`,
    'http://localhost',
    `http://localhost:${port + 1}`,
    `http://localhost:0${port}`,
    `http://LOCALHOST:${port}`,
    `http://localhost.:${port}`,
    `${own}/`,
    `${own}?`,
    `${own}#`,
    `http://127.0.0.1:${port}`,
    `http://127.1:${port}`,
    `http://2130706433:${port}`,
    `http://[::1]:${port}`,
    `http://0.0.0.0:${port}`,
    // Our origin as part of another.
    `http://sub.localhost:${port}`,
    `http://notlocalhost:${port}`,
    `http://localhost:${port}.evil.example`,
    `http://localhost.evil.example:${port}`,
    `http://localhost:${port}@evil.example`,
    `http://user@localhost:${port}`,
    `http://evil.example/${own}`,
    `http://evil.example?${own}`,
    `http://evil.example#${own}`,
    `http://localhost%3A${port}`,
    `http://xn--lcalhost-54a:${port}`,
    // Browsers never send more than one.
    `${own}, http://evil.example`,
    `http://evil.example, ${own}`,
    `${own} http://evil.example`,
    'file://',
    'about:blank',
    'data:text/html,x',
    'chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  ];
  return [[], ...single.map((origin) => [origin]), [own, own], [own, 'http://evil.example']];
}

/** Requests that a foreign page could make with a visitor's cookie. */
const DOORS = [
  { path: SESSION_TICKET_PATH, body: '{}' },
  { path: ICE_SERVERS_PATH, body: '{"receipt":"a"}' },
  { path: '/ws', body: null },
] as const;

function request(port: number, door: (typeof DOORS)[number], origins: Origins): string {
  const { path, body } = door;
  const lines = [
    `${body === null ? 'GET' : 'POST'} ${path} HTTP/1.1`,
    `Host: localhost:${port}`,
    `Cookie: ${MADE_UP_COOKIE}`,
    ...origins.map((origin) => `Origin: ${origin}`),
    ...(body === null
      ? [
          'Connection: Upgrade',
          'Upgrade: websocket',
          'Sec-WebSocket-Version: 13',
          `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}`,
        ]
      : ['Content-Type: application/json', `Content-Length: ${body.length}`, 'Connection: close']),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`;
}

test('[PR-80] refuses other origins on every endpoint', async (t) => {
  const siege = await besiege(t);
  const { port } = siege.server;
  const foreign = foreignTo(port);
  const events = ['origin-not-listed'];
  await siege.withstand(async () => {
    for (const door of DOORS) {
      for (const [index, origins] of foreign.entries()) {
        const attacker = await attackByTcp(t, port, `127.98.${index}.1`);
        attacker.socket.write(request(port, door, origins), 'latin1');
        const answer = await attacker.ended;
        const what = `${origins.join(' and ')} at ${door.path}`;
        assert.match(answer, /^HTTP\/1\.1 403 /, what);
        assert.match(answer, /"error":"origin-refused"/, what);
        assert.doesNotMatch(answer, /^(?:set-cookie|access-control-[a-z-]+):/im, what);
        assert.doesNotMatch(answer, /ticket":|session\.challenge/, what);
      }
    }
  }, events);
  const said = siege.server.log().filter(({ event }) => event === 'origin-not-listed');
  assert.equal(said.length, 1, 'an operator is told once, not by everybody who tries');
  // Our own origin must succeed, or the refusals prove nothing.
  for (const door of DOORS) {
    const attacker = await attackByTcp(t, port, '127.99.0.1');
    attacker.socket.write(request(port, door, [`http://localhost:${port}`]), 'latin1');
    attacker.socket.once('data', () => attacker.socket.end());
    assert.match(await attacker.ended, /^HTTP\/1\.1 (?:101|200) |"error":"bad-receipt"/);
  }
  await siege.canary.stop();
});

test('grants nothing to a cross-origin preflight', async (t) => {
  const siege = await besiege(t);
  const { port } = siege.server;
  await siege.withstand(async () => {
    for (const path of [SESSION_TICKET_PATH, ICE_SERVERS_PATH, '/', '/livez']) {
      const attacker = await attackByTcp(t, port);
      attacker.socket.write(
        `OPTIONS ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nOrigin: https://evil.example\r\n` +
          'Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\n' +
          'Connection: close\r\n\r\n',
      );
      const answer = await attacker.ended;
      assert.match(answer, /^HTTP\/1\.1 405 /, path);
      assert.doesNotMatch(answer, /^access-control-/im, path);
    }
  });
  await siege.canary.stop();
});
