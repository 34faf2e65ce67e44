import { setFlagsFromString } from 'node:v8';

/** Of what lived at the last collection: by so much the heap grows before the next one. */
const GROWTH_PERCENT = 50;

/**
 * Lets the heap of this process grow by half of what is alive before its garbage is collected. Left to
 * itself, V8 lets it grow to four times that where there is memory, which it has no reason not to do: so
 * a crowd of hostile sockets, whose messages live just long enough to count as old, made a node a hundred
 * MiB larger without keeping anything. What a node takes is what people on it take, and a half more.
 *
 * To be called before much is alive. The flag is V8's own, and is read at each collection.
 */
export function boundHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
