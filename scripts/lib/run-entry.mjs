import { join } from 'node:path';
import { environmentWith, findNode, install, root, runMain } from '../setup.mjs';
import { runInForeground } from './processes.mjs';

/**
 * Installs packages, then runs a program under the pinned Node with this process's arguments.
 * @param {string} entry Path of the program, relative to the root.
 * @param {(node: string) => Promise<unknown>} [prepare] Further preparation, such as building the
 * page.
 * @param {(node: string) => import('./bun.mjs').Command} [commandOf] Runs another program than Node.
 */
export function runEntry(entry, prepare, commandOf = (node) => ({ program: node, options: [] })) {
  return runMain(async () => {
    await install();
    const node = findNode();
    await prepare?.(node);
    const { program, options } = commandOf(node);
    return await runInForeground(
      program,
      [...options, join(root, entry), ...process.argv.slice(2)],
      {
        cwd: root,
        env: environmentWith(node),
      },
    );
  });
}
