/**
 * `npm run soak -- --minutes N`: the shipped node under load, watched for leaks; the last line is
 * JSON.
 */
import { buildPage } from './lib/page.mjs';
import { runEntry } from './lib/run-entry.mjs';

await runEntry('apps/bench/src/soak.ts', (node) => buildPage(node));
