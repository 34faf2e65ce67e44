import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { POLICIES, type PolicyName } from '@farandole/moderation/simulation/policy';
import { simulatePolicy } from '@farandole/moderation/simulation/run';
import type { Outcome } from '@farandole/moderation/simulation/tally';
import { missedTargets } from '@farandole/moderation/simulation/targets';

const SEED = 1;
const run = (name: PolicyName): Outcome => simulatePolicy(POLICIES[name], createPrng(SEED));
const full = run('full');
const nothing = run('nothing');

test('[MO-18] the simulation meets the safety targets, and misses them without moderation', () => {
  assert.ok(nothing.calls > 100_000);
  assert.ok(nothing.exposures.all > 20);
  assert.ok(full.bans > 100);
  const [full70, fullTrolls5] = [run('full70'), run('fullTrolls5')];
  const seen = { full, nothing, full70, fullTrolls5, trolls5Together: fullTrolls5 };
  assert.deepEqual(missedTargets(seen), []);
  assert.equal(missedTargets({ ...seen, full: nothing, full70: nothing }).length, 2);
  const worse = {
    ...full,
    wrongBansPer10kDays: 2,
    restrictedHonest: 0.02,
    restrictedMisread: 0.02,
  };
  assert.equal(missedTargets({ ...seen, full: worse }).length, 3);
  const bannedByTrolls = {
    ...seen.fullTrolls5,
    wrongBans: 0.1,
    exposures: { ...nothing.exposures },
  };
  bannedByTrolls.exposures.newcomers += 1;
  assert.equal(missedTargets({ ...seen, fullTrolls5: bannedByTrolls }).length, 2);
});

test('[MO-18] bans far more honest users if bans only count reporters', () => {
  assert.ok(run('autoBan3').wrongBansPer10kDays > 5 * full.wrongBansPer10kDays);
});

test('[MO-17, MO-18] trolls without evidence increase the number of restricted honest users', () => {
  const restrictedBy = (name: PolicyName): number => {
    const { world, ...policy } = POLICIES[name];
    const small = { ...policy, world: { ...world, people: 1_000 } };
    return simulatePolicy(small, createPrng(SEED)).restrictedHonest;
  };
  assert.ok(restrictedBy('bareTrolls5') > 2 * restrictedBy('fullTrolls5'));
});

test('[MO-18] gives the same simulation result only for equal seeds', () => {
  const { world, ...policy } = POLICIES.full;
  const small = { ...policy, world: { ...world, people: 300 } };
  const runSmall = (seed: number): Outcome => simulatePolicy(small, createPrng(seed));
  assert.deepEqual(runSmall(SEED), runSmall(SEED));
  assert.notDeepEqual(runSmall(SEED), runSmall(SEED + 1));
});
