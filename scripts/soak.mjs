/**
 * `npm run soak -- --minutes N`: the node as it ships, under load, watched for what it leaks; the
 * last line that it prints is what was found, as JSON.
 */
import { join } from 'node:path';
import { buildPage } from './lib/page.mjs';
import { runInForeground } from './lib/processes.mjs';
import { environmentWith, findNode, install, root, runMain } from './setup.mjs';

await runMain(async () => {
  await install();
  const node = findNode();
  await buildPage(node);
  const soak = join(root, 'apps', 'bench', 'src', 'soak.ts');
  return await runInForeground(node, [soak, ...process.argv.slice(2)], {
    cwd: root,
    env: environmentWith(node),
  });
});
