import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ROOT } from '@farandole/e2e/process';
import { Server } from 'socket.io';
import { BareWsClient } from '../src/load/bare-client.ts';
import type { FloorClient } from '../src/load/floor-client.ts';
import { peerOf, readPeer, startPeer } from '../src/load/peer.ts';
import { SOCKET_IO_EVENTS, SocketIoClient } from '../src/load/socket-io-client.ts';

const FROM = '127.0.0.1';

function folderWith(t: TestContext, text: string | null): string {
  const folder = mkdtempSync(join(tmpdir(), 'farandole-peer-'));
  t.after(() => rmSync(folder, { recursive: true }));
  if (text !== null) writeFileSync(join(folder, 'peer.json'), text);
  return folder;
}

/** Pairs two clients and sends a line. */
async function talk(t: TestContext, a: FloorClient, b: FloorClient): Promise<void> {
  await Promise.all([a.open(), b.open()]);
  t.after(() => Promise.all([a.leave(), b.leave()]));
  await Promise.all([a.pair(), b.pair()]);
  const all = [a, b].map((client) => delivery(client));
  a.say('chat');
  await Promise.all(all);
  assert.deepEqual([a.delivered, b.delivered, a.lost, b.lost], [1, 1, null, null]);
}

async function delivery(client: FloorClient): Promise<void> {
  while (client.delivered === 0) await new Promise((done) => setTimeout(done, 2));
}

test('runs a peer from its folder on the port that it is given', async (t) => {
  const floors = [
    { protocol: 'socket.io', program: 'socket-io-relay.ts', client: SocketIoClient },
    { protocol: 'bare', program: 'bare-ws-relay.ts', client: BareWsClient },
  ];
  for (const { protocol, program, client: Client } of floors) {
    const command = ['node', join(ROOT, 'apps/bench/src/floor', program)];
    const peer = peerOf(folderWith(t, JSON.stringify({ command, protocol })));
    assert.ok(peer !== null);
    const running = await startPeer(peer);
    t.after(() => running.program.stop('SIGKILL'));
    await talk(t, new Client(running.port, FROM), new Client(running.port, FROM));
  }
  assert.equal(peerOf(undefined), null);
});

test('speaks the events that peer.json names', async (t) => {
  const http = createServer().listen(0, FROM);
  await new Promise((done) => http.once('listening', done));
  const server = new Server(http, { transports: ['websocket'], serveClient: false });
  t.after(() => server.close());
  server.on('connection', (socket) => {
    socket.on('find "one"', () => socket.emit('met'));
    socket.on('message', (text) => server.emit('message', text));
  });
  const events = { search: 'find "one"', paired: 'met', chat: 'message' };
  const text = JSON.stringify({ command: ['x'], protocol: 'socket.io', events, echoes: false });
  const peer = readPeer(folderWith(t, text));
  assert.deepEqual(peer.events, { ...SOCKET_IO_EVENTS, ...events });
  assert.equal(peer.echoes, false);
  const { port } = http.address() as AddressInfo;
  const clientOf = () => new SocketIoClient(port, FROM, peer.events);
  await talk(t, clientOf(), clientOf());
});

test('says what is wrong with a folder or its peer.json', (t) => {
  const right = { command: ['node', 'server.js'], protocol: 'bare' };
  const texts: readonly (readonly [string | null, RegExp])[] = [
    [null, /cannot be read/],
    ['{', /is not JSON/],
    ['[]', /is not an object/],
    ['{"protocol":"bare"}', /needs "command"/],
    [JSON.stringify({ ...right, command: [] }), /needs "command"/],
    [JSON.stringify({ ...right, command: ['node', 7] }), /needs "command"/],
    [JSON.stringify({ ...right, port: 'A PORT' }), /environment variable/],
    [JSON.stringify({ ...right, protocol: 'sockjs' }), /socket\.io or bare/],
    [JSON.stringify({ ...right, events: { chat: '' } }), /only texts for search, paired/],
    [JSON.stringify({ ...right, events: { other: 'x' } }), /only texts for search, paired/],
    [JSON.stringify({ ...right, echoes: 'yes' }), /true or false/],
    [JSON.stringify({ ...right, comand: 'x' }), /unknown key "comand"/],
  ];
  for (const [text, expected] of texts) {
    assert.throws(() => readPeer(folderWith(t, text)), expected);
  }
  assert.throws(() => readPeer('/nowhere'), /^Error: FARANDOLE_PEERS: \/nowhere\/peer\.json /);
});

test('says why a peer didn’t start', async (t) => {
  const command = ['node', '-e', 'console.log("no licence"); process.exit(3)'];
  const peer = readPeer(folderWith(t, JSON.stringify({ command, protocol: 'bare' })));
  await assert.rejects(startPeer(peer), /FARANDOLE_PEERS: node -e .* ended:\nno licence/);
  const none = readPeer(folderWith(t, '{"command":["no-such-program"],"protocol":"bare"}'));
  await assert.rejects(startPeer(none), /no-such-program ended/);
});
