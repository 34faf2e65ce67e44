import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runRandomBudgets } from './support/random-budgets.ts';

test('[GW-66] budgets agree with a brute-force oracle in 100,000 random trees', () => {
  const { taken, refused, released } = runRandomBudgets(100_000, 1_000_000);
  assert.ok(taken > 500_000 && refused > 500_000 && released > 50_000);
});
