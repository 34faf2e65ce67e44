/**
 * `npm run simulate -- --seed N --sessions N [--mutants]` runs a seeded simulation on all cores.
 * The last line of the output is JSON.
 */
import { runEntry } from './lib/run-entry.mjs';

await runEntry('packages/gateway/test/simulation/main.ts');
