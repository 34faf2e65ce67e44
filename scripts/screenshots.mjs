/**
 * `npm run screenshots`: every screen in every state and every look, into `screenshots`;
 * `-- --scene call --viewport 390x844` takes only some. The last line is JSON.
 */
import { join } from 'node:path';
import { runInForeground } from './lib/processes.mjs';
import { ensureSystemPrograms } from './lib/system-programs.mjs';
import { environmentWith, findNode, install, root, runMain } from './setup.mjs';

await runMain(async () => {
  await install();
  const node = findNode();
  const program = 'e2e/gallery/screenshots.ts';
  await ensureSystemPrograms([program]);
  return await runInForeground(node, [join(root, program), ...process.argv.slice(2)], {
    cwd: root,
    env: environmentWith(node),
  });
});
