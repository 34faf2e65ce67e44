import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { Evening } from '@farandole/matchmaking/simulation/evening';
import { eveningTable } from '@farandole/matchmaking/simulation/evening-table';
import { DEFAULT_POPULATION } from '@farandole/matchmaking/simulation/population';

/** Forty simulated minutes contain four cool-downs. */
const WAVES = 24_000;

test('[MM-66] pairs mostly by interest and misses no pair in a simulated evening', (t) => {
  const report = new Evening(DEFAULT_POPULATION, createPrng(3)).run(WAVES);
  for (const line of eveningTable(report).split('\n')) t.diagnostic(line);
  assert.ok(report.matches > 5_000, `${report.matches} matches`);
  assert.equal(report.missedPairs, 0);
  const { fares } = report;
  const [anyone, interested, picky] = [
    fares.get('no interests'),
    fares.get('interests'),
    fares.get('only who shares'),
  ];
  assert.ok(anyone !== undefined && interested !== undefined && picky !== undefined);
  for (const fare of [anyone, interested, picky]) assert.ok(fare.matched > 100);
  assert.equal(picky.sharedInterest, 1);
  assert.ok((interested.sharedInterest ?? 0) > 0.5, `${interested.sharedInterest} share`);
  assert.ok(anyone.sharedLanguage > 0.8, `${anyone.sharedLanguage} speak with each other`);
  assert.ok(anyone.medianWaitMs <= 10_000 && interested.medianWaitMs <= 10_000);
});

test('[MM-64, MM-66] repeats a simulated evening only for the same seed', () => {
  const evening = (seed: number): string =>
    eveningTable(new Evening({ ...DEFAULT_POPULATION, people: 60 }, createPrng(seed)).run(2_000));
  assert.equal(evening(1), evening(1));
  assert.notEqual(evening(1), evening(2));
});
