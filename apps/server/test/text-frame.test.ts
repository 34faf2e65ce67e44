import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { asciiTextFrame } from '../src/listener/text-frame.ts';

test('a frame is one of RFC 6455, section 5.2, on both sides of each form of the length', () => {
  const headers = new Map([
    [0, [0x81, 0]],
    [125, [0x81, 125]],
    [126, [0x81, 126, 0, 126]],
    [255, [0x81, 126, 0, 255]],
    [256, [0x81, 126, 1, 0]],
    [65_535, [0x81, 126, 0xff, 0xff]],
  ]);
  for (const [length, header] of headers) {
    const text = 'x'.repeat(length);
    const frame = Buffer.from(asciiTextFrame(text) ?? '', 'latin1');
    assert.deepEqual([...frame.subarray(0, header.length)], header);
    assert.equal(frame.toString('latin1', header.length), text);
  }
});

test('a text whose bytes are not its characters is left to `ws`: longer, accented, any script', () => {
  assert.equal(asciiTextFrame('x'.repeat(65_536)), null);
  for (const text of ['é', 'ÿ', '\u0080', '日本', '🎈', '\ud800']) {
    assert.equal(asciiTextFrame(`hello ${text}`), null, text);
  }
  assert.notEqual(asciiTextFrame('\u007f\u0000'), null);
});

test('a stream takes the frame as it is', () => {
  const stream = new PassThrough();
  stream.write(asciiTextFrame('hello'), 'latin1');
  assert.deepEqual(stream.read(), Buffer.from([0x81, 5, ...Buffer.from('hello')]));
});
