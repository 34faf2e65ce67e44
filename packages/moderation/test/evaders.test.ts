import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { simulateEvaders } from './trust/evaders.ts';

// `npm run simulate:trust` runs the same simulation for each seed.
test('[MM-23, MM-23a] never matches a blocked user with the person who blocked them', () => {
  const { evaderMet, evaderSearches, othersMet } = simulateEvaders(createPrng(1), 20_000);
  assert.equal(evaderMet, 0);
  assert.ok(evaderSearches > 15_000, `${evaderSearches} searches met temptation`);
  assert.ok(othersMet > 500, `${othersMet} meetings with others`);
});
