/** `npm run bench -- NAME`: one benchmark; the last line it prints is its result as JSON. */
import { join } from 'node:path';
import { buildPage } from './lib/page.mjs';
import { runInForeground } from './lib/processes.mjs';
import { environmentWith, findNode, install, root, runMain } from './setup.mjs';

await runMain(async () => {
  await install();
  const node = findNode();
  await buildPage(node);
  const bench = join(root, 'apps', 'bench', 'src', 'main.ts');
  return await runInForeground(node, [bench, ...process.argv.slice(2)], {
    cwd: root,
    env: environmentWith(node),
  });
});
