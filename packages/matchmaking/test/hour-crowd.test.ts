import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { HourCrowd } from '@farandole/matchmaking/simulation/hour-crowd';

test('[MM-124] leaves no two users waiting in a round who may meet (I16)', () => {
  let waits = 0;
  for (let seed = 1; seed <= 8; seed++) {
    const people = [5, 6, 21, 60][seed % 4] ?? 5;
    const report = new HourCrowd({ people, comes: 'reminder' }, createPrng(seed)).run();
    assert.equal(report.missedPairs, 0, `seed ${seed}`);
    waits += report.waitsMs.length;
  }
  assert.ok(waits > 200);
});

test('[MM-125] gives users of an hour more partners than an open day', () => {
  const meanOf = (comes: 'reminder' | 'always-open'): number => {
    const { partners } = new HourCrowd({ people: 30, comes }, createPrng(3)).run();
    return partners.reduce((sum, count) => sum + count, 0) / partners.length;
  };
  assert.ok(meanOf('reminder') > 2 * meanOf('always-open'));
});

test('[MM-64] simulates the same hour for the same seed', () => {
  const run = () => new HourCrowd({ people: 12, comes: 'reminder' }, createPrng(5)).run();
  assert.deepEqual(run(), run());
});
