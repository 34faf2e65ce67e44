import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import { brandId, type ConnectionId } from '@farandole/kernel/id';
import { FLUSH_CHARS, SEND_BUFFER_BYTES_MAX } from '../src/limits.ts';
import { ParticipantSocket, type SocketOwner } from '../src/listener/participant-socket.ts';
import { textFrame } from '../src/listener/server-frames.ts';

/** A stream that notes each write, and takes more of them only while it is willing. */
class WrittenStream extends Duplex {
  readonly written: string[] = [];
  isWilling = true;

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.written.push(bytes.toString('latin1'));
    if (this.isWilling) done();
  }
}

interface Opened {
  readonly socket: ParticipantSocket;
  readonly stream: WrittenStream;
  /** What was told, in order. */
  readonly told: string[];
}

function open(): Opened {
  const stream = new WrittenStream();
  const told: string[] = [];
  const owner: SocketOwner = {
    nowMonotonicMs: 0,
    socketQueued: () => void told.push('queued'),
    socketSaid: (_socket, text) => void told.push(text),
    socketPinged: () => void told.push('pinged'),
    socketCloses: () => void told.push('closes'),
    socketClosed: (_socket, code) => void told.push(`closed ${code}`),
  };
  const socket = new ParticipantSocket(brandId<ConnectionId>('c1'), 'network', stream, owner);
  socket.begin('answer', Buffer.alloc(0));
  return { socket, stream, told };
}

/** A frame of a client, masked with zeros. */
function frame(opcode: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.of(0x80 | opcode, 0x80 | payload.length), Buffer.alloc(4), payload]);
}

test('all that is sent before a flush goes out in one write, in order, behind the answer', () => {
  const { socket, stream, told } = open();
  socket.send('one');
  socket.send('zwei 🎈');
  socket.sendPing();
  assert.deepEqual(stream.written, []);
  socket.flush();
  const frames = `answer${textFrame('one')}${textFrame('zwei 🎈')}\x89\0`;
  assert.deepEqual(stream.written, [frames]);
  socket.flush();
  assert.equal(stream.written.length, 1, 'nothing is written twice, and nothing is written empty');
  socket.send('three');
  socket.flush();
  assert.deepEqual(stream.written, [frames, textFrame('three')]);
  assert.deepEqual(told, ['queued', 'queued'], 'the owner is asked for each flush once');
});

test('what waits for a flush is bounded: at one character more it is written at once', () => {
  const { socket, stream } = open();
  const [answer, header] = ['answer'.length, 4];
  socket.send('x'.repeat(FLUSH_CHARS - answer - header));
  assert.deepEqual(stream.written, []);
  socket.send('');
  assert.equal(stream.written.length, 1);
  socket.flush();
  assert.equal(stream.written.length, 1);
});

test('a client that takes nothing holds so much and no more, and is closed in its turn', () => {
  const { socket, stream, told } = open();
  stream.isWilling = false;
  for (let sent = 0; sent < 4 * SEND_BUFFER_BYTES_MAX; sent += 1_024) {
    socket.send('x'.repeat(1_024));
    socket.flush();
  }
  assert.equal(socket.closedFor, 'slow-consumer');
  assert.equal(socket.isOpen, false);
  assert.ok(stream.writableLength > SEND_BUFFER_BYTES_MAX);
  assert.ok(stream.writableLength < SEND_BUFFER_BYTES_MAX + 2 * FLUSH_CHARS);
  assert.equal(told.filter((what) => what === 'closes').length, 1);
});

test('a close comes behind what was sent before it, and nothing comes behind a close', () => {
  const { socket, stream } = open();
  socket.send('before');
  socket.closeFor('replaced');
  socket.closeFor('silent');
  socket.send('after');
  socket.sendPing();
  socket.flush();
  const bytes = stream.written.join('');
  assert.equal(bytes, `answer${textFrame('before')}\x88\x0a\x11\x39replaced`);
  assert.equal(socket.closedFor, 'replaced');
});

test('what one client has begun to say is no part of what another says meanwhile', () => {
  const [one, other, third] = [open(), open(), open()];
  const text = frame(1, Buffer.from('of one'));
  one.socket.take(text.subarray(0, 7));
  other.socket.take(frame(1, Buffer.from('of the other')));
  third.socket.take(frame(2, Buffer.from('of no kind')));
  other.socket.take(frame(1, Buffer.from('more')));
  one.socket.take(text.subarray(7));
  const said = ({ told }: Opened): string[] => told.filter((what) => what !== 'queued');
  assert.deepEqual(said(one), ['of one']);
  assert.deepEqual(said(other), ['of the other', 'more']);
  assert.equal(third.socket.closedFor, 'malformed');
  third.socket.take(frame(1, Buffer.from('after all')));
  assert.deepEqual(said(third), ['closes']);
});

test('a client that closes is answered by its own code, and what it says later is not told', () => {
  const { socket, stream, told } = open();
  socket.flush();
  const said = [frame(1, Buffer.from('first')), frame(8, Buffer.of(0x03, 0xe9))];
  socket.take(Buffer.concat([...said, frame(1, Buffer.from('late'))]));
  socket.send('too late');
  socket.flush();
  assert.deepEqual(stream.written.slice(1), ['\x88\x02\x03\xe9']);
  assert.equal(stream.writableEnded, true);
  socket.lose();
  assert.deepEqual(told, ['queued', 'first', 'queued', 'closes', 'closed 1001']);
  assert.equal(socket.closedFor, null, 'it was the other end');
});

test('what a client said before it went without a word is told, and its end is given up', () => {
  const { socket, stream, told } = open();
  socket.send('on its way');
  socket.take(frame(1, Buffer.from('last words')));
  socket.finish();
  assert.equal(stream.written.length, 1);
  assert.equal(stream.writableEnded, true);
  socket.lose();
  assert.deepEqual(told, ['queued', 'last words', 'closes', 'closed 1006']);
});
