/** `npm start` installs missing packages, then runs one node in the foreground. */
import { buildPage } from './lib/page.mjs';
import { runEntry } from './lib/run-entry.mjs';

await runEntry('apps/server/src/main.ts', async (node) => {
  if (await buildPage(node)) console.log('Built the page.');
});
