import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { environmentWith, findTool, root } from '../setup.mjs';
import { listFiles } from './files.mjs';
import { faultsOfLock, readLockEntries } from './packages.mjs';
import { runAside } from './processes.mjs';

/** @typedef {import('./steps.mjs').Step} Step */
/** @typedef {import('./steps.mjs').Outcome} Outcome */

const LIMIT_MS = 300_000;

/**
 * Returns every static check as a step.
 * @param {string} node The pinned Node.
 * @returns {Step[]}
 */
export function staticChecks(node) {
  const env = environmentWith(node);
  /**
   * @param {readonly string[]} args
   * @returns {Promise<Outcome>}
   */
  const tool = async (...args) => {
    const { code, output } = await runAside(node, args, { cwd: root, env, limitMs: LIMIT_MS });
    return { ok: code === 0, output };
  };
  return [
    { name: 'types', run: () => checkTypes(tool) },
    { name: 'lint', run: () => tool(findTool('oxlint', 'oxlint'), '--type-aware') },
    { name: 'format', run: () => tool(findTool('@biomejs/biome'), 'check', '--error-on-warnings') },
    { name: 'unused', run: () => tool(findTool('knip', 'knip'), '--no-progress') },
    { name: 'lockfile', run: () => checkLockfile(tool) },
  ];
}

/**
 * @param {(...args: string[]) => Promise<Outcome>} tool
 * @returns {Promise<Outcome>}
 */
async function checkTypes(tool) {
  const configs = listFiles().filter((file) => file.endsWith('/tsconfig.json'));
  if (configs.length === 0) return { ok: false, output: 'there is no tsconfig.json' };
  // Checks all projects in one call of the compiler, so that sources in several projects are
  // parsed once.
  const outcome = await tool(findTool('typescript', 'tsc'), '--build', ...configs);
  // Removes the build info files, which `tsc --build` writes even without output.
  for (const config of configs) {
    rmSync(join(root, config.replace(/json$/, 'tsbuildinfo')), { force: true });
  }
  return { ...outcome, note: `${configs.length} projects` };
}

/**
 * @param {(...args: string[]) => Promise<Outcome>} tool
 * @returns {Promise<Outcome>}
 */
async function checkLockfile(tool) {
  const path = join(root, 'package-lock.json');
  const entries = readLockEntries(path);
  if (entries === null) return { ok: false, output: `${path} cannot be read` };
  const faults = faultsOfLock(entries);
  if (faults.length > 0) return { ok: false, output: faults.join('\n') };
  return await tool(
    findTool('lockfile-lint'),
    '--type=npm',
    `--path=${path}`,
    '--validate-integrity',
    '--validate-https',
  );
}
