import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { bootstrapMedianInterval, median, theilSenSlope } from '../src/statistics.ts';

test('returns as median the middle sample or the mean of both middle ones', () => {
  assert.equal(median([3]), 3);
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([9, 1, 5, 3]), 4);
  assert.ok(Number.isNaN(median([])));
});

test('computing the median leaves the array of samples unchanged', () => {
  const samples = [3, 1, 2];
  median(samples);
  assert.deepEqual(samples, [3, 1, 2]);
});

test('bootstraps a reproducible interval of the median that narrows with samples', () => {
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

test('bootstraps intervals that nearly always contain the true median', () => {
  const prng = createPrng(5);
  let held = 0;
  for (let trial = 0; trial < 200; trial++) {
    const samples = Array.from({ length: 21 }, () => prng.unit());
    const [low, high] = bootstrapMedianInterval(samples, 400, trial);
    if (low <= 0.5 && high >= 0.5) held++;
  }
  assert.ok(held >= 180, `${held} of 200`);
});

test('finds the slope of a line despite outliers', () => {
  const line = Array.from({ length: 40 }, (_, x) => [x, 7 + 3 * x] as const);
  const exact = theilSenSlope(line);
  assert.equal(exact.median, 3);
  assert.deepEqual(exact.interval95, [3, 3]);
  const disturbed = line.map(([x, y]) => [x, x % 10 === 5 ? y + 1_000 : y] as const);
  assert.ok(Math.abs(theilSenSlope(disturbed).median - 3) < 0.5);
});

test('slope intervals nearly always contain the true slope, rarely half of it', () => {
  const prng = createPrng(9);
  let held = 0;
  let heldAnother = 0;
  for (let trial = 0; trial < 200; trial++) {
    const points = Array.from({ length: 30 }, (_, x) => [x, 2 * x + 20 * prng.unit()] as const);
    const [low, high] = theilSenSlope(points).interval95;
    if (low <= 2 && high >= 2) held++;
    if (low <= 1 && high >= 1) heldAnother++;
  }
  assert.ok(held >= 180 && held < 200, `${held} of 200`);
  assert.ok(heldAnother <= 4, `${heldAnother} of 200`);
});

test('returns an infinite interval of the slope for too few points', () => {
  const { median: slope, interval95 } = theilSenSlope([
    [0, 0],
    [1, 5],
    [2, 10],
  ]);
  assert.equal(slope, 5);
  assert.deepEqual(interval95, [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  assert.ok(Number.isNaN(theilSenSlope([]).median));
});

test('ignores pairs of points with the same x in the slope', () => {
  const points = [0, 1, 2, 3, 4, 5].flatMap((x) => [[x, x] as const, [x, x] as const]);
  assert.equal(theilSenSlope(points).median, 1);
});
