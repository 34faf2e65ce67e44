/**
 * `npm run simulate -- --seed N --sessions N [--mutants]`: people, attackers, faults and time, all
 * from one seed, over all cores; the last line it prints is what happened, as JSON.
 */
import { join } from 'node:path';
import { runInForeground } from './lib/processes.mjs';
import { environmentWith, findNode, install, root, runMain } from './setup.mjs';

await runMain(async () => {
  await install();
  const node = findNode();
  const simulation = join(root, 'packages', 'gateway', 'test', 'simulation', 'main.ts');
  return await runInForeground(node, [simulation, ...process.argv.slice(2)], {
    cwd: root,
    env: environmentWith(node),
  });
});
