import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { utf8Length } from '../src/utf8-length.ts';

test('[PR-73] counts the bytes that a UTF-8 encoder would write', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(utf8Length(text), Buffer.byteLength(text));
    }),
  );
  for (const text of ['\ud800', '\udc00', '\ud800a', 'a\udc00\ud800', '\ud83d\ude00\ud83d']) {
    assert.equal(utf8Length(text), Buffer.byteLength(text));
  }
});
