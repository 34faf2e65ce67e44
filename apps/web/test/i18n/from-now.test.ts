import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromNow } from '../../src/i18n/from-now.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

test('shows the remaining time in a natural unit', () => {
  const said = [
    [1, 'in 1 minute'],
    [40 * MINUTE_MS, 'in 40 minutes'],
    [2 * HOUR_MS - 1, 'in 120 minutes'],
    [2 * HOUR_MS, 'in 2 hours'],
    [47 * HOUR_MS, 'in 47 hours'],
    [2 * DAY_MS, 'in 2 days'],
    [71 * HOUR_MS, 'in 3 days'],
  ] as const;
  for (const [leftMs, words] of said) {
    assert.equal(fromNow(5_000 + leftMs, 5_000), words.replaceAll(' ', '\u00a0'));
  }
});

test('shows no time after the end', () => {
  assert.equal(fromNow(5_000, 5_000), null);
  assert.equal(fromNow(4_000, 5_000), null);
});
