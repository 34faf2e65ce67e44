/**
 * `npm run bench -- NAME`: runs one benchmark; the last line is JSON. With `--against REV` compares
 * this checkout with another commit, interleaved.
 */
import { buildPage } from './lib/page.mjs';
import { runEntry } from './lib/run-entry.mjs';

const entry = process.argv.includes('--against') ? 'against' : 'main';
await runEntry(`apps/bench/src/${entry}.ts`, (node) => buildPage(node));
