import { setFlagsFromString } from 'node:v8';

/** Growth allowed before the next collection, relative to live data at the last one. */
const GROWTH_PERCENT = 50;

/**
 * Collects garbage once the heap grew by half of its live data. V8's default allows a factor of
 * four while memory is free, so hostile sockets with short-lived messages made a node 100 MiB
 * larger.
 *
 * Call it early. The flag is V8's own and read at each collection.
 */
export function boundHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
