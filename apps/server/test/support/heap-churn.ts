import { getHeapStatistics } from 'node:v8';
import { boundHeapGrowth } from '../../src/node/heap-growth.ts';

/**
 * `node --expose-gc heap-churn.ts [bounded]` keeps many small objects alive and replaces them
 * several times, oldest first, as connections come and go. Prints the maximum heap size in bytes.
 */
const ALIVE = 600_000;
const ROUNDS = 12;
const LOOK_EVERY = 20_000;

if (process.argv[2] === 'bounded') boundHeapGrowth();
const alive: object[] = Array.from({ length: ALIVE }, (_, place) => thing(place));
// Collects garbage first, because the heap's growth limit is relative to the live data at the last
// collection.
globalThis.gc?.();
let mostBytes = 0;
for (let place = 0; place < ROUNDS * ALIVE; place += 1) {
  alive[place % ALIVE] = thing(place);
  if (place % LOOK_EVERY === 0) {
    mostBytes = Math.max(mostBytes, getHeapStatistics().used_heap_size);
  }
}
console.log(mostBytes);

function thing(place: number): object {
  return { place, both: [place, place] };
}
