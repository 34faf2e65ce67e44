/**
 * `npm run bench -- NAME` runs one benchmark. The last line of its output is JSON. `--against
 * REV` compares this checkout with another commit, in alternating runs.
 */
import { buildPage } from './lib/page.mjs';
import { runEntry } from './lib/run-entry.mjs';

const entry = process.argv.includes('--against') ? 'against' : 'main';
await runEntry(`apps/bench/src/${entry}.ts`, (node) => buildPage(node));
