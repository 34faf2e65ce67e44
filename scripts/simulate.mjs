/**
 * `npm run simulate -- --seed N --sessions N [--mutants]`: a seeded simulation over all cores; the
 * last line is JSON.
 */
import { runEntry } from './lib/run-entry.mjs';

await runEntry('packages/gateway/test/simulation/main.ts');
