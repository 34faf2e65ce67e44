import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  clientFrame,
  OPCODE,
  type ServerFrame,
  ServerFrames,
  textFrame,
} from '../support/web-socket-bytes.ts';

test('encodes a client frame as in RFC 6455, section 5.7', () => {
  assert.deepEqual(
    textFrame('Hello'),
    Buffer.of(0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58),
  );
});

test('reads every server frame, however its bytes are split', () => {
  const frame = fc.record({
    opcode: fc.constantFrom(OPCODE.text, OPCODE.close, OPCODE.ping, OPCODE.pong),
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
        const bytes = Buffer.concat(sent.map((each) => clientFrame({ ...each, mask: null })));
        const read: ServerFrame[] = [];
        const reader = new ServerFrames();
        for (let at = 0; at < bytes.length; at += step) {
          reader.push(bytes.subarray(at, at + step), ({ opcode, payload }) => {
            read.push({ opcode, payload: Buffer.from(payload) });
          });
        }
        assert.deepEqual(read, sent);
      },
    ),
    { numRuns: 60 },
  );
});

test('rejects masked and fragmented server frames', () => {
  const take = (): void => assert.fail('gave a frame');
  for (const bytes of [textFrame('x'), clientFrame({ opcode: 1, isFinal: false, mask: null })]) {
    assert.throws(() => new ServerFrames().push(bytes, take), RangeError);
  }
});
