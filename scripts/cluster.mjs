/**
 * `npm run cluster -- up --nodes 3` starts several nodes on loopback, with the servers that they
 * need, until Ctrl-C.
 */
import { buildPage } from './lib/page.mjs';
import { runEntry } from './lib/run-entry.mjs';
import { ensureSystemPrograms } from './lib/system-programs.mjs';

const entry = 'apps/bench/src/cluster/main.ts';

await runEntry(entry, async (node) => {
  await ensureSystemPrograms([entry]);
  await buildPage(node);
});
