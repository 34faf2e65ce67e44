import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textFrame } from '../src/transport/text-frame.ts';

function bytesOf(frame: string): Buffer {
  return Buffer.from(frame, 'latin1');
}

test('encodes RFC 6455 frames at the bounds of each length encoding', () => {
  for (const [length, header] of [
    [0, [0x81, 0]],
    [125, [0x81, 125]],
    [126, [0x81, 126, 0, 126]],
    [255, [0x81, 126, 0, 255]],
    [256, [0x81, 126, 1, 0]],
    [65_535, [0x81, 126, 0xff, 0xff]],
    [65_536, [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]],
  ] as const) {
    const text = 'x'.repeat(length);
    const frame = bytesOf(textFrame(text));
    assert.deepEqual([...frame.subarray(0, header.length)], header);
    assert.equal(frame.toString('latin1', header.length), text);
  }
});

test('encodes text of any script as UTF-8 with its byte length', () => {
  for (const text of ['é', 'ÿ', '\u0080', '日本', '🎈', '\u007f\u0000', 'é'.repeat(70)]) {
    const utf8 = Buffer.from(text);
    const frame = bytesOf(textFrame(text));
    const headerBytes = utf8.length > 125 ? 4 : 2;
    assert.equal(frame.length, headerBytes + utf8.length, text);
    assert.deepEqual(frame.subarray(headerBytes), utf8);
  }
});
