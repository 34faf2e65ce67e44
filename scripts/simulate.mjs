/**
 * `npm run simulate -- --seed N --sessions N [--mutants]`: people, attackers, faults and time, all
 * from one seed, over all cores; the last line it prints is what happened, as JSON.
 */
import { runEntry } from './lib/run-entry.mjs';

await runEntry('packages/gateway/test/simulation/main.ts');
