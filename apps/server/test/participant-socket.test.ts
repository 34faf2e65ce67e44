import assert from 'node:assert/strict';
import { once } from 'node:events';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import { textFrame as clientText, closeFrame } from '@farandole/e2e/web-socket-bytes';
import { brandId, type ConnectionId } from '@farandole/kernel/id';
import { WebSocketServer } from 'ws';
import { FLUSH_CHARS, SEND_BUFFER_BYTES_MAX } from '../src/limits.ts';
import { ParticipantSocket, type SocketOwner } from '../src/transport/participant-socket.ts';
import { textFrame } from '../src/transport/text-frame.ts';
import { WsSocket } from '../src/transport/ws-socket.ts';

/** A stream that records each write and accepts more writes only while `isWilling`. */
class WrittenStream extends Duplex {
  readonly written: string[] = [];
  isWilling = true;

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.written.push(bytes.toString('latin1'));
    this.emit('written');
    if (this.isWilling) done();
  }
}

interface Opened {
  readonly socket: ParticipantSocket;
  readonly driver: WsSocket;
  readonly stream: WrittenStream;
  readonly told: string[];
}

const KEY = Buffer.alloc(16).toString('base64');

async function open(): Promise<Opened> {
  const stream = new WrittenStream();
  const told: string[] = [];
  const owner: SocketOwner = {
    listenedMs: 0,
    socketQueued: () => void told.push('queued'),
    socketSaid: (_socket, text) => void told.push(text),
    socketPinged: () => void told.push('pinged'),
    socketRefused: () => false,
    socketClosed: (_socket, code) => void told.push(`closed ${code}`),
  };
  const server = new WebSocketServer({ noServer: true, WebSocket: WsSocket });
  const request = new IncomingMessage(new Socket());
  request.method = 'GET';
  request.headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-key': KEY,
    'sec-websocket-version': '13',
  };
  const driver = await new Promise<WsSocket>((resolve) => {
    server.handleUpgrade(request, stream, Buffer.alloc(0), resolve);
  });
  driver.begin(stream);
  const id = brandId<ConnectionId>('c1');
  const place = { network: 'network', address: '192.0.2.1' };
  const socket = new ParticipantSocket({ id, ...place, driver, owner });
  stream.written.length = 0;
  return { socket, driver, stream, told };
}

test("writes an event-loop turn's frames at once, in the order sent", async () => {
  const { socket, stream, told } = await open();
  socket.say('one');
  socket.say('zwei 🎈');
  assert.deepEqual(stream.written, []);
  socket.flush();
  const frames = textFrame('one') + textFrame('zwei 🎈');
  assert.deepEqual(stream.written, [frames]);
  socket.flush();
  assert.equal(stream.written.length, 1, 'nothing is written twice, and nothing is written empty');
  socket.say('three');
  socket.flush();
  assert.deepEqual(stream.written, [frames, textFrame('three')]);
  assert.deepEqual(told, ['queued', 'queued'], 'the owner is asked for each flush once');
});

test('writes before the turn ends when queued frames exceed the limit', async () => {
  const { socket, stream } = await open();
  const header = 4;
  socket.say('x'.repeat(FLUSH_CHARS - header));
  assert.deepEqual(stream.written, []);
  socket.say('');
  assert.equal(stream.written.length, 1);
  socket.flush();
  assert.equal(stream.written.length, 1);
});

test('closes a client whose unread bytes exceed the limit', async () => {
  const { socket, stream } = await open();
  stream.isWilling = false;
  for (let said = 0; said < 4 * SEND_BUFFER_BYTES_MAX; said += 1_024) {
    socket.say('x'.repeat(1_024));
    socket.flush();
  }
  assert.equal(socket.closedFor, 'slow-consumer');
  assert.equal(socket.isOpen, false);
  assert.ok(stream.writableLength > SEND_BUFFER_BYTES_MAX);
  assert.ok(stream.writableLength < SEND_BUFFER_BYTES_MAX + 2 * FLUSH_CHARS);
  socket.terminate();
});

test('sends a close frame after queued frames and nothing after it', async () => {
  const { socket, stream } = await open();
  socket.say('before');
  socket.closeFor('replaced');
  socket.closeFor('silent');
  socket.say('after');
  socket.flush();
  const bytes = stream.written.join('');
  assert.equal(bytes, `${textFrame('before')}\x88\x0a\x11\x39replaced`);
  assert.equal(socket.closedFor, 'replaced');
  socket.terminate();
});

test("echoes a client's close code, after the queued frames", async () => {
  const { socket, driver, stream, told } = await open();
  socket.say('before');
  const said = [clientText('first'), closeFrame(1001)];
  const closed = once(driver, 'close');
  stream.push(Buffer.concat([...said, clientText('late')]));
  stream.push(null);
  await closed;
  socket.say('too late');
  socket.flush();
  assert.equal(stream.written.join(''), `${textFrame('before')}\x88\x02\x03\xe9`);
  assert.deepEqual(told, ['queued', 'first', 'closed 1001']);
  assert.equal(socket.closedFor, null, 'it was the other end');
});

test("handles a client's last frames when it disconnects without a close", async () => {
  const { driver, stream, told } = await open();
  const closed = once(driver, 'close');
  stream.push(clientText('last words'));
  stream.push(null);
  await closed;
  assert.deepEqual(told, ['last words', 'closed 1006']);
});

test('closes with a protocol reason on invalid bytes', async () => {
  const { socket, driver, stream, told } = await open();
  const closed = new Promise((resolve) => driver.on('close', resolve));
  const written = once(stream, 'written');
  stream.push(Buffer.of(0xff, 0xff));
  await written;
  // The client disconnects here, because the socket would otherwise wait 30 seconds for the
  // client.
  stream.push(null);
  await closed;
  assert.equal(socket.closedFor, 'malformed');
  assert.match(stream.written.join(''), /malformed$/);
  assert.deepEqual(told, ['closed 1006']);
});
