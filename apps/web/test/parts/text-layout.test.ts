import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TEXT_SIZES, textLayoutOf } from '../../src/ui/theme.ts';

test('the browser’s text size gives the same layout as the page’s own', () => {
  for (const size of TEXT_SIZES) {
    assert.deepEqual(textLayoutOf(size, 16), { size, layout: size });
    const { layout } = textLayoutOf(100, (16 * size) / 100);
    assert.equal(layout, size, `${size} %`);
  }
  assert.deepEqual(textLayoutOf(100, 20), { size: 100, layout: 130 });
  assert.deepEqual(textLayoutOf(100, 24), { size: 100, layout: 150 });
  assert.deepEqual(textLayoutOf(100, 32), { size: 100, layout: 200 });
});

test('limits the combined text size to 200 % unless the browser’s is larger', () => {
  assert.deepEqual(textLayoutOf(150, 20), { size: 150, layout: 200 });
  assert.deepEqual(textLayoutOf(150, 24), { size: 130, layout: 200 });
  assert.deepEqual(textLayoutOf(150, 32), { size: 100, layout: 200 });
  assert.deepEqual(textLayoutOf(150, 48), { size: 100, layout: 200 });
});

test('keeps the usual layout for slightly larger or smaller text', () => {
  assert.deepEqual(textLayoutOf(100, 16.5), { size: 100, layout: 100 });
  assert.deepEqual(textLayoutOf(100, 12), { size: 100, layout: 100 });
  assert.deepEqual(textLayoutOf(150, 12), { size: 150, layout: 115 });
});
