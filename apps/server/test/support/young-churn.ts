import { getHeapSpaceStatistics } from 'node:v8';
import { settleHeap } from '../../src/node/heap-growth.ts';

/**
 * `node young-churn.ts [settled]` makes many objects that outlive a collection, as loading modules
 * does, before and after `settleHeap`. Prints the size of the young generation in bytes.
 */
const ALIVE = 20_000;
const MADE = 300_000;

churn();
if (process.argv[2] === 'settled') await settleHeap();
churn();
const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
console.log(young?.space_size);

function churn(): void {
  const alive: object[] = [];
  for (let place = 0; place < MADE; place += 1) alive[place % ALIVE] = { place, both: [place] };
}
