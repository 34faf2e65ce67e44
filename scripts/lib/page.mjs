import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentWith, findTool, root, SetupError, stampsFolder } from '../setup.mjs';
import { withLock } from './lock-file.mjs';
import { runAside } from './processes.mjs';

const SOURCES = [
  'apps/web',
  'apps/console',
  'locales',
  'packages/accounts/src',
  'packages/kernel/src',
  'packages/ui',
  'packages/moderation/src',
  'packages/protocol/src',
  'package-lock.json',
  'tsconfig.base.json',
];

/** Folders within source folders that contain no sources. */
const NOT_SOURCES = new Set(['dist', 'node_modules', 'test']);

const BUILD_LIMIT_MS = 300_000;

const page = join(root, 'apps', 'web', 'dist');
const stamp = join(stampsFolder, 'page.sha256');

/**
 * Hashes the names and contents of files. A missing path adds nothing.
 * @param {string} base
 * @param {readonly string[]} paths Relative to `base`.
 * @returns {Promise<string>} SHA-256, hexadecimal.
 */
export async function digestOf(base, paths) {
  const hash = createHash('sha256');
  const walk = async (/** @type {string} */ path) => {
    const full = join(base, path);
    const entries = await readdir(full, { withFileTypes: true }).catch(() => null);
    if (entries === null) {
      const content = await readFile(full).catch(() => null);
      if (content === null) return;
      // Hashes the lengths too, so that a different split into name and content gives another
      // digest.
      hash.update(`${path.length} ${path} ${content.length}\n`).update(content);
      return;
    }
    const names = entries.map((entry) => entry.name).filter((name) => !NOT_SOURCES.has(name));
    for (const name of names.sort()) await walk(`${path}/${name}`);
  };
  for (const path of paths) await walk(path);
  return hash.digest('hex');
}

/**
 * Builds the page unless it is up to date.
 * @param {string} node The pinned Node.
 * @param {{ force?: boolean }} [options]
 * @returns {Promise<boolean>} Whether the page was built.
 * @throws {SetupError} When the build failed. The old page stays.
 */
export async function buildPage(node, { force = false } = {}) {
  return await withLock(
    join(stampsFolder, 'page.lock'),
    async () => {
      const digest = await digestOf(root, SOURCES);
      const built = await readFile(stamp, 'utf8').catch(() => '');
      if (!force && built === digest && existsSync(page)) return false;
      await build(node);
      await writeFile(stamp, digest);
      return true;
    },
    (holder) => console.log(`Waiting for process ${holder}, which builds the page.`),
  );
}

/**
 * Builds into a new folder and then swaps the folders, so that a failed build never leaves a
 * partial page. The console is a separate page in the same folder.
 * @param {string} node
 */
async function build(node) {
  const fresh = join(stampsFolder, 'page-fresh');
  const old = join(stampsFolder, 'page-old');
  await rm(fresh, { recursive: true, force: true });
  await rm(old, { recursive: true, force: true });
  await mkdir(stampsFolder, { recursive: true });
  await buildApp(node, 'web', fresh);
  await buildApp(node, 'console', join(fresh, 'console'));
  await rm(stamp, { force: true });
  if (existsSync(page)) await rename(page, old);
  await rename(fresh, page);
  await rm(old, { recursive: true, force: true });
}

/**
 * @param {string} node
 * @param {string} app
 * @param {string} folder
 */
async function buildApp(node, app, folder) {
  const { code, output } = await runAside(
    node,
    [findTool('vite'), 'build', '--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'],
    { cwd: join(root, 'apps', app), env: environmentWith(node), limitMs: BUILD_LIMIT_MS },
  );
  if (code !== 0 || !existsSync(join(folder, 'index.html'))) {
    throw new SetupError(`The page of apps/${app} could not be built:\n${output}`);
  }
}
