import { join } from 'node:path';
import { environmentWith, findNode, install, root, runMain } from '../setup.mjs';
import { runInForeground } from './processes.mjs';

/**
 * Runs a program under the pinned Node with our arguments, after installing packages.
 * @param {string} entry Its path from the root.
 * @param {(node: string) => Promise<unknown>} [prepare] Further preparation, such as building the page.
 */
export function runEntry(entry, prepare) {
  return runMain(async () => {
    await install();
    const node = findNode();
    await prepare?.(node);
    return await runInForeground(node, [join(root, entry), ...process.argv.slice(2)], {
      cwd: root,
      env: environmentWith(node),
    });
  });
}
