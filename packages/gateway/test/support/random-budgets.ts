import assert from 'node:assert/strict';
import { createPrng, type Prng } from '@farandole/kernel/prng';
import { BudgetTree } from '../../src/budget/budget-tree.ts';
import { addressOf, BudgetOracle, type Leaf } from './budget-oracle.ts';

const STEPS_PER_TREE = 30;
/** If a sum of decayed units is this close to a share, rounding may decide whether a take fits. */
const ROUNDING = 1e-6;

/** Counts of the outcomes of all runs. A test uses them to check that both outcomes occurred. */
export interface RandomRuns {
  readonly taken: number;
  readonly refused: number;
  readonly released: number;
}

/**
 * Takes from random budgets, and compares every answer with the oracle.
 *
 * @param firstSeed seed of the first tree; a failure names the tree's seed
 */
export function runRandomBudgets(trees: number, firstSeed: number): RandomRuns {
  const runs = { taken: 0, refused: 0, released: 0 };
  for (let seed = firstSeed; seed < firstSeed + trees; seed += 1)
    runOne(createPrng(seed), seed, runs);
  return runs;
}

function runOne(
  prng: Prng,
  seed: number,
  runs: { taken: number; refused: number; released: number },
): void {
  const capacity = 1 + prng.below(prng.pick([4, 40, 400]));
  const networkMax = 1 + prng.below(capacity);
  const refillMs = prng.chance(0.5) ? null : 1 + prng.below(1_000);
  let nowMs = prng.below(1_000);
  const options = { capacity, networkMax, refillMs };
  const tree = new BudgetTree({ ...options, nowMs: () => nowMs });
  const oracle = new BudgetOracle(options);
  const spread = prng.pick([1, 2, 4]);
  const costMax = Math.min(networkMax, prng.pick([1, 1, 3, 10]));
  for (let step = 0; step < STEPS_PER_TREE; step += 1) {
    if (refillMs !== null) nowMs += prng.below(refillMs);
    if (refillMs === null && oracle.holdings > 0 && prng.chance(0.25)) {
      const released = oracle.release(prng.below(oracle.holdings));
      if (released !== null) tree.release(addressOf(released.leaf), released.units);
      runs.released += 1;
    }
    if (refillMs === null && prng.chance(0.1)) tree.sweep(prng.below(4));
    const leaf = leafOf(prng, spread);
    const cost = 1 + prng.below(costMax);
    const slack = oracle.slackOf(leaf, cost, nowMs);
    const waitMs = tree.take(addressOf(leaf), cost);
    const why = `tree ${seed}, step ${step}: ${addressOf(leaf)} takes ${cost}, slack ${slack}`;
    if (refillMs === null) assert.equal(waitMs === 0, slack > -ROUNDING, why);
    else if (Math.abs(slack) > ROUNDING) assert.equal(waitMs === 0, slack > 0, why);
    if (waitMs === 0) oracle.take(leaf, cost, nowMs);
    if (waitMs === 0) runs.taken += 1;
    else runs.refused += 1;
    assert.ok(tree.taken <= capacity + ROUNDING, why);
    assert.ok(Math.abs(tree.taken - oracle.takenIn(leaf, 0, nowMs)) <= ROUNDING, why);
  }
}

function leafOf(prng: Prng, spread: number): Leaf {
  const id = (): number => prng.below(spread);
  return prng.chance(0.5)
    ? { family: 4, path: [id(), id(), id()] }
    : { family: 6, path: [id(), id(), id(), id()] };
}
