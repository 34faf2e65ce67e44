import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeClientMessage } from '../src/codec.ts';
import { CLIENT_FRAME_BYTES_MAX, LINE_CHARS_DECODED_MAX } from '../src/limits.ts';
import { readFixture } from './support/fixtures.ts';

test('[PR-5] counts a character outside the BMP once, though it has two units', () => {
  const decode = (text: string) => {
    const frame = JSON.stringify({ ...readFixture('client', 'chat.send'), text });
    const byteLength = Buffer.byteLength(frame);
    assert.ok(byteLength <= CLIENT_FRAME_BYTES_MAX, 'it is not the frame that is too large');
    return decodeClientMessage(frame, byteLength);
  };
  const most = '👋'.repeat(LINE_CHARS_DECODED_MAX);
  assert.equal(most.length, 2 * LINE_CHARS_DECODED_MAX);
  assert.ok(decode(most).ok);
  assert.deepEqual(decode(`${most}👋`), { ok: false, reason: 'malformed' });
  // A letter with a combining accent is two code points.
  const accented = 'e\u0301'.repeat(LINE_CHARS_DECODED_MAX / 2);
  assert.ok(decode(accented).ok);
  assert.deepEqual(decode(`${accented}e`), { ok: false, reason: 'malformed' });
});
