import { createPrng } from '@farandole/kernel/prng';
import { Evening } from '@farandole/matchmaking/simulation/evening';
import { eveningTable } from '@farandole/matchmaking/simulation/evening-table';
import { DEFAULT_POPULATION } from '@farandole/matchmaking/simulation/population';

const SEED = 3;
const WAVES = 24_000;

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
