/**
 * `npm run dev` serves a node and its page on one address. Both follow changes of their sources.
 */
import { join } from 'node:path';
import { runInForeground } from './lib/processes.mjs';
import { environmentWith, findNode, install, root, runMain } from './setup.mjs';

await runMain(async () => {
  await install();
  const node = findNode();
  const follow = join(root, 'scripts', 'lib', 'follow.mjs');
  return await runInForeground(node, [follow, ...process.argv.slice(2)], {
    cwd: root,
    env: environmentWith(node),
  });
});
