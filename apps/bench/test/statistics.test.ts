import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { bootstrapMedianInterval, median } from '../src/statistics.ts';

test('the median is the middle, or the mean of the two in the middle', () => {
  assert.equal(median([3]), 3);
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([9, 1, 5, 3]), 4);
  assert.ok(Number.isNaN(median([])));
});

test('the median leaves its samples as they were', () => {
  const samples = [3, 1, 2];
  median(samples);
  assert.deepEqual(samples, [3, 1, 2]);
});

test('the bootstrap interval holds the median, is the same each time, and shrinks with samples', () => {
  const few = [8, 9, 10, 11, 12];
  const many = Array.from({ length: 40 }, () => few).flat();
  const [low, high] = bootstrapMedianInterval(few);
  assert.ok(low >= 8 && low <= 10 && high >= 10 && high <= 12 && low < high, `${low}–${high}`);
  assert.deepEqual(bootstrapMedianInterval(few), [low, high]);
  const [lowOfMany, highOfMany] = bootstrapMedianInterval(many);
  assert.ok(highOfMany - lowOfMany < high - low);
  assert.deepEqual(bootstrapMedianInterval([7, 7, 7]), [7, 7]);
  assert.ok(bootstrapMedianInterval([]).every(Number.isNaN));
});

test('nearly all intervals hold the true median', () => {
  const prng = createPrng(5);
  let held = 0;
  for (let trial = 0; trial < 200; trial++) {
    const samples = Array.from({ length: 21 }, () => prng.unit());
    const [low, high] = bootstrapMedianInterval(samples, 400, trial);
    if (low <= 0.5 && high >= 0.5) held++;
  }
  assert.ok(held >= 180, `${held} of 200`);
});
