import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { Town } from '@farandole/moderation/simulation/sybil/town';
import { simulateSybils } from '@farandole/moderation/simulation/sybil/worlds';
import { missedBySybils } from '@farandole/moderation/simulation/targets';

test('[MO-138] never restricts or suspends users for one attacker with many cookies', async () => {
  const seen = await simulateSybils(createPrng(1));
  assert.deepEqual(missedBySybils(seen), []);
  // Reports from eight distant networks do restrict a user, which shows that the simulated attacks
  // can succeed.
  assert.ok(seen.eightNetworks.restricted > 0);
  const hit = { restricted: 1, held: 1 };
  const worse = {
    ...seen,
    ...{ oneNetwork: hit, threeNetworks: hit, eightNetworks: hit, farmed: hit },
    ...{ farmedProven: 1, clearedStillRestricted: 1, flasherReporters: 9 },
    withStrangers: { ...seen.withStrangers, held: 1 },
  };
  assert.equal(missedBySybils(worse).length, 8);
});

test('[MO-16, MO-133] restricts and suspends a user whom proven users report', async () => {
  const [town, people] = await Town.found(createPrng(1), 30);
  const newcomer = await town.arrive();
  const told: string[] = [];
  for (const reporter of people.slice(0, 3)) {
    await town.report(reporter, newcomer);
    told.push(`${await town.tierOf(newcomer)} ${await town.isSuspended(newcomer)}`);
  }
  assert.deepEqual(told, ['new false', 'restricted false', 'restricted true']);
});
