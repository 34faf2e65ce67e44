/**
 * `npm run bench -- NAME`: one benchmark; the last line it prints is its result as JSON. With
 * `--against REV` the same benchmarks of this checkout and of another commit, interleaved.
 */
import { buildPage } from './lib/page.mjs';
import { runEntry } from './lib/run-entry.mjs';

const entry = process.argv.includes('--against') ? 'against' : 'main';
await runEntry(`apps/bench/src/${entry}.ts`, (node) => buildPage(node));
