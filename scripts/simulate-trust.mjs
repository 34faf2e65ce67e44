/**
 * `npm run simulate:trust -- --seed N` compares moderation policies in a simulated world. The
 * last line of the output is JSON.
 */
import { runEntry } from './lib/run-entry.mjs';

await runEntry('packages/moderation/test/trust/main.ts');
