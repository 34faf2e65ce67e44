import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT_FRAME_BYTES_MAX } from '@farandole/protocol/limits';
import * as fc from 'fast-check';
import { BUFFERED_CHUNKS_MAX, FRAGMENTS_MAX } from '../src/limits.ts';
import { ClientFrames, type FrameFault } from '../src/listener/client-frames.ts';

const MASK = Buffer.of(0x37, 0xfa, 0x21, 0x3d);

interface FrameOptions {
  readonly isFinal?: boolean;
  readonly mask?: Buffer;
}

/** A frame of a client (RFC 6455, section 5.2). */
function frame(opcode: number, payload: Buffer, options: FrameOptions = {}): Buffer {
  const { isFinal = true, mask = MASK } = options;
  const { length } = payload;
  const first = (isFinal ? 0x80 : 0) | opcode;
  const header =
    length < 126
      ? Buffer.of(first, 0x80 | length)
      : Buffer.of(first, 0x80 | 126, length >> 8, length & 0xff);
  const masked = payload.map((byte, at) => byte ^ (mask[at & 3] ?? 0));
  return Buffer.concat([header, mask, masked]);
}

/** A message in so many parts of about one size. */
function inParts(text: Buffer, count: number): Buffer {
  const size = Math.ceil(text.length / count);
  return Buffer.concat(
    Array.from({ length: count }, (_, i) =>
      frame(i === 0 ? 1 : 0, text.subarray(i * size, (i + 1) * size), { isFinal: i === count - 1 }),
    ),
  );
}

/** What a reader makes of chunks, as words. */
function read(...chunks: readonly Buffer[]): { told: string[]; fault: FrameFault | null } {
  const frames = new ClientFrames();
  const told: string[] = [];
  const sink = {
    text: (text: string, byteLength: number) => void told.push(`${text} (${byteLength})`),
    ping: (payload: Buffer) => void told.push(`ping ${payload.toString('hex')}`),
    pong: () => void told.push('pong'),
    closing: (code: number, reason: Buffer) => void told.push(`closing ${code} ${reason.toString()}`),
  };
  let fault: FrameFault | null = null;
  // Copied, since a reader unmasks what it is given.
  for (const chunk of chunks) fault ??= frames.read(Buffer.from(chunk), sink);
  return { told, fault };
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length];
  ends.sort((a, b) => a - b);
  return ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
}

test('what a client says comes out the same, however its bytes are dealt out', () => {
  const message = fc.record({
    text: fc.string({ unit: 'binary', maxLength: 200 }).filter((text) => text.isWellFormed()),
    parts: fc.integer({ min: 1, max: FRAGMENTS_MAX }),
    pingsBefore: fc.uint8Array({ maxLength: 125 }),
  });
  const places = fc.array(fc.nat(), { maxLength: BUFFERED_CHUNKS_MAX - 1 });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 6 }), places, (messages, at) => {
      const bytes = Buffer.concat(
        messages.flatMap(({ text, parts, pingsBefore }) => [
          frame(9, Buffer.from(pingsBefore)),
          inParts(Buffer.from(text), parts),
        ]),
      );
      const expected = messages.flatMap(({ text, pingsBefore }) => [
        `ping ${Buffer.from(pingsBefore).toString('hex')}`,
        `${text} (${Buffer.byteLength(text)})`,
      ]);
      assert.deepEqual(read(...cut(bytes, at)), { told: expected, fault: null });
    }),
    { numRuns: 300 },
  );
});

test('any bytes at all are messages or one fault, and nothing follows a fault', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 8 }), (chunks) => {
      const frames = new ClientFrames();
      let told = 0;
      const sink = {
        text: () => void told++,
        ping: () => void told++,
        pong: () => void told++,
        closing: () => void told++,
      };
      let isFaulty = false;
      for (const chunk of chunks) {
        const before = told;
        const fault = frames.read(Buffer.from(chunk), sink);
        if (isFaulty) {
          assert.equal(fault, null);
          assert.equal(told, before);
        }
        isFaulty ||= fault !== null;
      }
    }),
    { numRuns: 500 },
  );
});

test('control frames come between the parts of a message, in the order in which they were sent', () => {
  const bytes = Buffer.concat([
    frame(1, Buffer.from('one '), { isFinal: false }),
    frame(9, Buffer.from([7])),
    frame(0, Buffer.alloc(0), { isFinal: false }),
    frame(10, Buffer.alloc(0)),
    frame(0, Buffer.from('message')),
  ]);
  assert.deepEqual(read(bytes).told, ['ping 07', 'pong', 'one message (11)']);
});

test('a frame may come in as many pieces as it may, and in one more is too large', () => {
  const bytes = frame(1, Buffer.alloc(BUFFERED_CHUNKS_MAX, 0x20));
  const inPieces = (count: number): Buffer[] =>
    Array.from({ length: count }, (_, i) =>
      bytes.subarray(i, i === count - 1 ? bytes.length : i + 1),
    );
  assert.equal(read(...inPieces(BUFFERED_CHUNKS_MAX)).fault, null);
  assert.equal(read(...inPieces(BUFFERED_CHUNKS_MAX)).told.length, 1);
  assert.deepEqual(read(...inPieces(BUFFERED_CHUNKS_MAX + 1)), { told: [], fault: 'too-large' });
  // The pieces of one frame are not those of the next.
  const twice = [...inPieces(BUFFERED_CHUNKS_MAX), ...inPieces(BUFFERED_CHUNKS_MAX)];
  assert.equal(read(...twice).told.length, 2);
});

test('[PR-2] a message is as large as it may be, in one frame or in parts, and no larger', () => {
  const atLimit = Buffer.alloc(CLIENT_FRAME_BYTES_MAX, 0x61);
  const over = Buffer.alloc(CLIENT_FRAME_BYTES_MAX + 1, 0x61);
  for (const parts of [1, 2, FRAGMENTS_MAX]) {
    assert.equal(read(inParts(atLimit, parts)).told.length, 1, `${parts} parts`);
    assert.deepEqual(read(inParts(over, parts)), { told: [], fault: 'too-large' });
  }
  // Announced, and not even begun; as 64 bits, of which a number holds 53.
  for (const high of [0, 1, 0x7fffffff, 0xffffffff]) {
    const header = Buffer.alloc(10);
    header.writeUInt16BE(0x81ff);
    header.writeUInt32BE(high, 2);
    header.writeUInt32BE(CLIENT_FRAME_BYTES_MAX + 1, 6);
    assert.equal(read(header).fault, 'too-large');
  }
});

test('a message in more parts than there may be is too large, though they are empty', () => {
  const empty = (count: number): Buffer => inParts(Buffer.alloc(0), count);
  assert.deepEqual(read(empty(FRAGMENTS_MAX)), { told: [' (0)'], fault: null });
  assert.deepEqual(read(empty(FRAGMENTS_MAX + 1)), { told: [], fault: 'too-large' });
});

test('frames that no page sends are faults as soon as their first two bytes are there', () => {
  for (const [what, first, second] of [
    ['a reserved bit', 0xc1, 0x80],
    ['another', 0xa1, 0x80],
    ['the third', 0x91, 0x80],
    ['no mask', 0x81, 0x00],
    ['binary', 0x82, 0x80],
    ['a reserved opcode', 0x83, 0x80],
    ['a reserved control opcode', 0x8b, 0x80],
    ['a continuation of nothing', 0x80, 0x80],
    ['a ping in parts', 0x09, 0x80],
    ['a ping of 126 bytes', 0x89, 0xfe],
    ['a close frame with half a code', 0x88, 0x81],
  ] as const) {
    assert.deepEqual(read(Buffer.of(first, second)), { told: [], fault: 'malformed' }, what);
  }
  const interrupted = [frame(1, Buffer.from('a'), { isFinal: false }), frame(1, Buffer.from('b'))];
  assert.deepEqual(read(...interrupted), { told: [], fault: 'malformed' });
});

test('text that is no UTF-8 is malformed, also where a letter is cut by the parts', () => {
  const letters = Buffer.from('é👋');
  assert.deepEqual(read(inParts(letters, letters.length)).told, ['é👋 (6)']);
  for (const bytes of [
    [0xc3, 0x28],
    [0xc0, 0xaf],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
  ]) {
    assert.equal(read(frame(1, Buffer.from(bytes))).fault, 'malformed');
    assert.equal(read(inParts(Buffer.from(bytes), 2)).fault, 'malformed');
  }
});

test('a close frame is the last that is read, with a code that may be sent', () => {
  const closing = (code: number, reason = ''): Buffer =>
    frame(8, Buffer.concat([Buffer.of(code >> 8, code & 0xff), Buffer.from(reason)]));
  const after = frame(1, Buffer.from('after'));
  assert.deepEqual(read(Buffer.concat([closing(1000, 'bye'), after]), after), {
    told: ['closing 1000 bye'],
    fault: null,
  });
  assert.deepEqual(read(frame(8, Buffer.alloc(0))).told, ['closing 1005 ']);
  for (const code of [1000, 1001, 1003, 1007, 1011, 1014, 3000, 4999]) {
    assert.equal(read(closing(code)).fault, null, String(code));
  }
  for (const code of [0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_535]) {
    assert.equal(read(closing(code)).fault, 'malformed', String(code));
  }
  assert.equal(read(frame(8, Buffer.of(0x03, 0xe8, 0xc3))).fault, 'malformed');
});
