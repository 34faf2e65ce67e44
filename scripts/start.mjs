/** `npm start` installs what is missing, then runs one node in the foreground. */
import { join } from 'node:path';
import { buildPage } from './lib/page.mjs';
import { runInForeground } from './lib/processes.mjs';
import { environmentWith, findNode, install, root, runMain } from './setup.mjs';

await runMain(async () => {
  await install();
  const node = findNode();
  if (await buildPage(node)) console.log('Built the page.');
  const server = join(root, 'apps/server/src/main.ts');
  return await runInForeground(node, [server, ...process.argv.slice(2)], {
    cwd: root,
    env: environmentWith(node),
  });
});
