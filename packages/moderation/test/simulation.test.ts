import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { POLICIES, type PolicyName } from '@farandole/moderation/simulation/policy';
import { simulatePolicy } from '@farandole/moderation/simulation/run';
import type { Outcome } from '@farandole/moderation/simulation/tally';

const SEED = 1;
const run = (name: PolicyName): Outcome => simulatePolicy(POLICIES[name], createPrng(SEED));
const full = run('full');
const nothing = run('nothing');

test('[MO-18] the world comes to what safety asks for, and comes to nothing without', () => {
  const full70 = run('full70');
  const trolls = run('fullTrolls5');
  assert.ok(nothing.calls > 100_000);
  assert.ok(nothing.exposures.all > 20);
  assert.ok(full.exposures.all <= 0.15 * nothing.exposures.all);
  assert.ok(full70.exposures.all <= 0.3 * nothing.exposures.all);
  for (const { exposures } of [full, full70, trolls]) {
    assert.ok(exposures.newcomers <= nothing.exposures.newcomers);
  }
  assert.ok(full.bans > 100);
  assert.ok(full.wrongBansPer10kDays <= 1);
  assert.ok(trolls.wrongBans <= 0.08);
  assert.ok(full.restrictedHonest <= 0.01);
  assert.ok(full.restrictedMisread <= 0.01);
});

test('[MO-18] bans by counting alone hit the wrong people far more often', () => {
  assert.ok(run('autoBan3').wrongBansPer10kDays > 5 * full.wrongBansPer10kDays);
});

test('[MO-18] the same seed comes to the same, and another one does not', () => {
  const { world, ...policy } = POLICIES.full;
  const small = { ...policy, world: { ...world, people: 300 } };
  const runSmall = (seed: number): Outcome => simulatePolicy(small, createPrng(seed));
  assert.deepEqual(runSmall(SEED), runSmall(SEED));
  assert.notDeepEqual(runSmall(SEED), runSmall(SEED + 1));
});
