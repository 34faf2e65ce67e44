import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { simulateEvaders } from './trust/evaders.ts';

// `npm run simulate:trust` runs the same world from each seed.
test('[MM-23, MM-23a] lets no evader meet a person who parted from them', () => {
  const { evaderMet, evaderSearches, othersMet } = simulateEvaders(createPrng(1), 20_000);
  assert.equal(evaderMet, 0);
  assert.ok(evaderSearches > 15_000, `${evaderSearches} searches met temptation`);
  assert.ok(othersMet > 500, `${othersMet} meetings with others`);
});
