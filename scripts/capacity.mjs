/** `npm run capacity` prints how many nodes, relays and moderators a number of users needs. */
import { runEntry } from './lib/run-entry.mjs';

await runEntry('apps/bench/src/capacity/main.ts');
