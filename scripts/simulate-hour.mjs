/**
 * `npm run simulate:hour -- --seed N` compares a published hour with an open day. The last line of
 * the output is JSON.
 */
import { runEntry } from './lib/run-entry.mjs';

await runEntry('packages/matchmaking/test/simulate-hour.ts');
