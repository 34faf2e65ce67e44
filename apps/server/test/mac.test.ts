import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { Mac } from '../src/keys/mac.ts';

const SHA256_BLOCK_BYTES = 64;

test('computes the same MACs as node:crypto, also after other texts', () => {
  const key = fc.uint8Array({ minLength: 1, maxLength: 2 * SHA256_BLOCK_BYTES });
  const text = fc.string({ unit: 'binary', maxLength: 4 * SHA256_BLOCK_BYTES });
  fc.assert(
    fc.property(key, fc.array(text, { minLength: 1, maxLength: 5 }), (bytes, texts) => {
      const mac = new Mac(bytes);
      for (const each of texts) {
        const expected = createHmac('sha256', bytes).update(each, 'utf8').digest('base64url');
        assert.equal(mac.of(each), expected);
      }
    }),
  );
});

test('computes MACs at every length around a block of SHA-256', () => {
  const bytes = Buffer.from('a key of this test, with 32 byte');
  const mac = new Mac(bytes);
  for (let length = 0; length <= 3 * SHA256_BLOCK_BYTES; length++) {
    const text = 'x'.repeat(length);
    const expected = createHmac('sha256', bytes).update(text).digest('base64url');
    assert.equal(mac.of(text), expected, `${length} bytes`);
  }
});
