import { createPrng } from '@farandole/kernel/prng';
import { Evening } from '@farandole/matchmaking/simulation/evening';
import { eveningTable } from '@farandole/matchmaking/simulation/evening-table';
import { DEFAULT_POPULATION } from '@farandole/matchmaking/simulation/population';

const SEED = 3;
/** Forty minutes of simulated time. */
const WAVES = 24_000;

/** Waiting times in a simulated evening: the same on every machine. */
export function evening(): Record<string, unknown> {
  const report = new Evening(DEFAULT_POPULATION, createPrng(SEED)).run(WAVES);
  console.log(`${eveningTable(report)}\n`);
  return {
    scenario: 'evening',
    seed: SEED,
    population: DEFAULT_POPULATION,
    ...report,
    fares: Object.fromEntries(report.fares),
  };
}
