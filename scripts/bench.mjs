/** `npm run bench -- NAME`: one benchmark; the last line it prints is its result as JSON. */
import { buildPage } from './lib/page.mjs';
import { runEntry } from './lib/run-entry.mjs';

await runEntry('apps/bench/src/main.ts', (node) => buildPage(node));
