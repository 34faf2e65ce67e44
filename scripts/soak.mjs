/**
 * `npm run soak -- --minutes N [--runtime bun] [--sockets N]` runs the shipped node under load and
 * watches for leaks. The last line of the output is JSON.
 */
import { buildPage } from './lib/page.mjs';
import { runEntry } from './lib/run-entry.mjs';

await runEntry('apps/bench/src/soak.ts', (node) => buildPage(node));
