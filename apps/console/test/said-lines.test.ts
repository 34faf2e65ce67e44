import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SaidLine } from '@farandole/moderation/store/stored';
import { gapBefore } from '../src/state/said-lines.ts';

const line = (a: number, b: number): SaidLine => ({
  side: 'a',
  counters: [a, b],
  atMs: 0,
  text: 'hello',
});

test('[MO-124] counts chat lines left out before the first reported line', () => {
  assert.equal(gapBefore(null, line(1, 0)), 0, 'it is the first of the conversation');
  assert.equal(gapBefore(null, line(0, 2)), 1);
  assert.equal(gapBefore(null, line(5, 9)), 13);
});

test('[MO-124] counts chat lines left out between reported lines', () => {
  assert.equal(gapBefore(line(1, 0), line(1, 1)), 0);
  assert.equal(gapBefore(line(2, 1), line(4, 3)), 3);
  assert.equal(gapBefore(line(4, 3), line(2, 1)), 0, 'out of order, which nothing sends');
});
