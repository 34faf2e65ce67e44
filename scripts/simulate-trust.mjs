/**
 * `npm run simulate:trust -- --seed N`: what each policy of moderation comes to in a made-up world;
 * the last line it prints is the result as JSON.
 */
import { runEntry } from './lib/run-entry.mjs';

await runEntry('packages/moderation/test/trust/main.ts');
