/**
 * `npm run simulate:trust -- --seed N`: what each policy of moderation comes to in a made-up world;
 * the last line it prints is the result as JSON.
 */
import { join } from 'node:path';
import { runInForeground } from './lib/processes.mjs';
import { environmentWith, findNode, install, root, runMain } from './setup.mjs';

await runMain(async () => {
  await install();
  const node = findNode();
  const simulation = join(root, 'packages', 'moderation', 'test', 'trust', 'main.ts');
  return await runInForeground(node, [simulation, ...process.argv.slice(2)], {
    cwd: root,
    env: environmentWith(node),
  });
});
