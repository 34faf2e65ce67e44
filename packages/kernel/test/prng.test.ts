import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng, createPrngFromState } from '@farandole/kernel/prng';
import fc from 'fast-check';

test('xoshiro128** produces the reference numbers for the state 1, 2, 3, 4', () => {
  const prng = createPrngFromState([1, 2, 3, 4]);
  // The first ten outputs of the reference implementation in C.
  assert.deepEqual(
    Array.from({ length: 10 }, () => prng.uint32()),
    [
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597,
      4258142804,
    ],
  );
});

test('repeats the numbers of a seed and differs for another seed', () => {
  const draw = (seed: number): number[] => {
    const prng = createPrng(seed);
    return Array.from({ length: 20 }, () => prng.uint32());
  };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 2 }), (seed) => {
      assert.deepEqual(draw(seed), draw(seed));
      assert.notDeepEqual(draw(seed), draw(seed + 1));
    }),
  );
});

test('below() stays in range and returns each value equally often', () => {
  const prng = createPrng(7);
  const counts = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < 60_000; i++) {
    const drawn = prng.below(6);
    counts[drawn] = (counts[drawn] ?? 0) + 1;
  }
  // With five degrees of freedom, chi-square exceeds 20.5 with probability 0.001.
  const chiSquare = counts.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0);
  assert.ok(chiSquare < 20.5, `chi-square ${chiSquare}`);
  assert.throws(() => prng.below(0), RangeError);
  assert.throws(() => prng.below(2 ** 32 + 1), RangeError);
});

test('fork() is independent and advances its parent by a fixed amount', () => {
  const one = createPrng(3);
  const two = createPrng(3);
  const fork = one.fork();
  two.fork();
  fork.uint32();
  assert.equal(one.uint32(), two.uint32(), 'drawing from a fork must not move the parent');
});

test('rejects a generator state of four zeros', () => {
  assert.throws(() => createPrngFromState([0, 0, 0, 0]), RangeError);
});
