import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SESSION_TICKET_PATH } from '@farandole/protocol/http-api';
import {
  HEADERS_TIMEOUT_MS,
  HTTP_SOCKETS_PER_NETWORK_MAX,
  REQUEST_TIMEOUT_MS,
  REQUESTS_PER_SOCKET_MAX,
} from '../../src/limits.ts';
import { IS_SERVER_ON_BUN } from '../support/bun.ts';
import { madeUpTicket } from '../support/handshake.ts';
import { CANARY_SOCKETS } from './support/canary.ts';
import { besiege, until } from './support/siege.ts';
import { attackByTcp, type TcpAttacker, upgradeRequest } from './support/tcp.ts';

const SLOW_SOCKETS = 500;
const DRIP_EVERY_MS = 500;

type Test = Parameters<typeof besiege>[0];

async function connectMany(
  t: Test,
  port: number,
  count: number,
  block: string,
): Promise<readonly TcpAttacker[]> {
  return await Promise.all(
    Array.from({ length: count }, (_, index) => {
      const network = Math.floor(index / HTTP_SOCKETS_PER_NETWORK_MAX);
      const host = 1 + (index % HTTP_SOCKETS_PER_NETWORK_MAX);
      return attackByTcp(t, port, `${block}.${network}.${host}`);
    }),
  );
}

async function drip(attackers: readonly TcpAttacker[], first: string, drop: string): Promise<void> {
  for (const { socket } of attackers) socket.write(first, 'latin1');
  const dripping = setInterval(() => {
    for (const { socket } of attackers) if (!socket.destroyed) socket.write(drop, 'latin1');
  }, DRIP_EVERY_MS);
  await Promise.all(attackers.map(({ ended }) => ended)).finally(() => clearInterval(dripping));
}

async function elapsedMs(work: Promise<unknown>, startedMs: number): Promise<number> {
  await work;
  return performance.now() - startedMs;
}

test('[PR-12] times out slow requests and closes idle sockets', async (t) => {
  const siege = await besiege(t);
  const { port } = siege.server;
  const post =
    `POST ${SESSION_TICKET_PATH} HTTP/1.1\r\nHost: localhost:${port}\r\n` +
    `Origin: http://localhost:${port}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n`;
  const get = `GET /assets/main-abc123.js HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`;
  await siege.withstand(async () => {
    const connectingMs = performance.now();
    const [headers, bodies, cut, silent, mute, pipelining] = await Promise.all([
      connectMany(t, port, SLOW_SOCKETS, '127.91'),
      connectMany(t, port, HTTP_SOCKETS_PER_NETWORK_MAX, '127.92'),
      connectMany(t, port, HTTP_SOCKETS_PER_NETWORK_MAX, '127.89'),
      connectMany(t, port, HTTP_SOCKETS_PER_NETWORK_MAX, '127.93'),
      connectMany(t, port, HTTP_SOCKETS_PER_NETWORK_MAX, '127.94'),
      connectMany(t, port, 20, '127.95'),
    ]);
    const all = [headers, bodies, cut, silent, mute, pipelining].flat().length;
    await until(
      () => siege.server.openSockets() === all + CANARY_SOCKETS,
      () => `${siege.server.openSockets()} of ${all} sockets`,
    );
    for (const { socket } of cut) socket.write(`${post}{`, 'latin1');
    for (const { socket } of mute) {
      socket.write(upgradeRequest(port, await madeUpTicket(port)), 'latin1');
    }
    for (const { socket } of pipelining) {
      socket.pause();
      socket.write(get.repeat(REQUESTS_PER_SOCKET_MAX), 'latin1');
    }
    // Bun limits the time from the connection, and Node that from the first byte.
    const startedMs = IS_SERVER_ON_BUN ? connectingMs : performance.now();
    const took = await Promise.all([
      elapsedMs(drip(headers, 'GET / HTTP/1.1\r\nHost: localhost\r\nX: ', 'x'), startedMs),
      elapsedMs(drip(bodies, post, ' '), startedMs),
    ]);
    assert.ok((took[0] ?? 0) >= HEADERS_TIMEOUT_MS && (took[1] ?? 0) >= REQUEST_TIMEOUT_MS);
    await Promise.all([...cut, ...silent, ...mute].map(({ ended }) => ended));
    for (const { received } of mute) assert.match(received(), /hello-timeout$/);
    // Bun closes such a connection without an answer.
    const late = IS_SERVER_ON_BUN ? /^$/ : /^HTTP\/1\.1 408 /;
    for (const { received } of headers) assert.match(received(), late);
    // The response may get lost, but it is never a success.
    for (const { received } of [...bodies, ...cut])
      assert.doesNotMatch(received(), /^HTTP\/1\.1 200 /);
  });
  await siege.canary.stop();
});
