/**
 * `npm run soak -- --minutes N`: the node as it ships, under load, watched for what it leaks; the
 * last line that it prints is what was found, as JSON.
 */
import { buildPage } from './lib/page.mjs';
import { runEntry } from './lib/run-entry.mjs';

await runEntry('apps/bench/src/soak.ts', (node) => buildPage(node));
