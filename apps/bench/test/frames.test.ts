import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import fc from 'fast-check';
import { type WebSocket, WebSocketServer } from 'ws';
import { clientFrame, FrameReader, OPCODE } from '../src/load/frames.ts';
import { LoadSocket } from '../src/load/load-socket.ts';

const MASK = Buffer.of(1, 2, 3, 4);

function serverFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.of(0x80 | opcode, length), payload]);
  if (length < 65_536) {
    return Buffer.concat([Buffer.of(0x80 | opcode, 126, length >> 8, length & 0xff), payload]);
  }
  const header = Buffer.alloc(10);
  header[0] = 0x80 | opcode;
  header[1] = 127;
  header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, payload]);
}

test('encodes a client frame as in RFC 6455, section 5.7', () => {
  assert.deepEqual(
    clientFrame(OPCODE.text, Buffer.from('Hello'), Buffer.of(0x37, 0xfa, 0x21, 0x3d)),
    Buffer.of(0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58),
  );
});

test('encodes the length in one byte up to 125, else in two', () => {
  const headerOf = (length: number): number[] => [
    ...clientFrame(OPCODE.text, Buffer.alloc(length), MASK).subarray(1, 4),
  ];
  assert.deepEqual(headerOf(125), [0x80 | 125, 1, 2]);
  assert.deepEqual(headerOf(126), [0x80 | 126, 0, 126]);
  assert.deepEqual(headerOf(65_535), [0x80 | 126, 0xff, 0xff]);
  assert.throws(() => clientFrame(OPCODE.text, Buffer.alloc(65_536), MASK), RangeError);
});

test('reads every frame from arbitrarily split bytes', () => {
  const frame = fc.record({
    opcode: fc.constantFrom(...Object.values(OPCODE)),
    length: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constantFrom(65_535, 65_536)),
  });
  fc.assert(
    fc.property(
      fc.array(frame, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 997 }),
      (frames, step) => {
        const sent = frames.map(({ opcode, length }, index) => ({
          opcode,
          payload: Buffer.alloc(length, index + 1),
        }));
        const bytes = Buffer.concat(sent.map((each) => serverFrame(each.opcode, each.payload)));
        const read: { opcode: number; payload: Buffer }[] = [];
        const reader = new FrameReader();
        for (let at = 0; at < bytes.length; at += step) {
          reader.push(bytes.subarray(at, at + step), (opcode, payload) => {
            read.push({ opcode, payload: Buffer.from(payload) });
          });
        }
        assert.deepEqual(read, sent);
      },
    ),
    { numRuns: 60 },
  );
});

test('rejects masked and fragmented frames', () => {
  const take = (): void => assert.fail('gave a frame');
  assert.throws(() => new FrameReader().push(Buffer.of(0x81, 0x80, 1, 2, 3, 4), take), /masked/);
  assert.throws(() => new FrameReader().push(Buffer.of(0x01, 0x00), take), /fragment/);
});

test('talks to a third-party WebSocket server', async (t) => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  t.after(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const accepted = once(server, 'connection');
  const echo = Promise.withResolvers<string>();
  const closed = Promise.withResolvers<string>();
  const socket = await LoadSocket.open({
    port: address.port,
    from: '127.16.0.1',
    path: '/',
    headers: [],
    onFrame: (_, payload) => echo.resolve(payload.toString()),
    onClose: closed.resolve,
  });
  const [peer] = (await accepted) as [WebSocket];
  peer.on('message', (data: Buffer) => peer.send(data.toString()));
  const pong = once(peer, 'pong');
  peer.ping('are you there');
  assert.equal(String((await pong)[0]), 'are you there');
  const text = 'Grüße '.repeat(60);
  socket.sendText(text);
  assert.equal(await echo.promise, text);
  const peerClosed = once(peer, 'close');
  await socket.close();
  assert.equal((await peerClosed)[0], 1000);
  assert.match(await closed.promise, /closed with 1000/);
});
