/** `npm start` installs missing packages, then runs one node in the foreground. */
import { runtimeCommand } from './lib/bun.mjs';
import { buildPage } from './lib/page.mjs';
import { runEntry } from './lib/run-entry.mjs';

/** @param {string} node */
async function prepare(node) {
  if (await buildPage(node)) console.log('Built the page.');
}

await runEntry('apps/server/src/main.ts', prepare, runtimeCommand);
