import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lib/lock-file.mjs';
import { whyInstall } from './lib/packages.mjs';
import { runInForeground } from './lib/processes.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Folder for locks and stamps, which several of our processes share. */
export const stampsFolder = join(root, '.stamps');

/** The first major version of Node that strips types by default. */
const NODE_MAJOR_MIN = 24;
/** The first major version of npm that reads our lockfile. */
const NPM_MAJOR_MIN = 7;

const pinnedNodeName = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** A fault of the machine or network that the user can fix. */
export class SetupError extends Error {
  /** @override */
  name = 'SetupError';
}

/**
 * Runs an entry point. On a `SetupError`, prints its message and exits with 1.
 * @param {() => Promise<number>} main Returns the exit code.
 */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}

/**
 * Installs packages if node_modules differs from the lockfile.
 * @throws {SetupError} When npm is missing, too old or failed. npm has then printed the reason.
 */
export async function install() {
  if (whyInstall(root, pinnedNodeName) === null) return;
  await withLock(
    join(stampsFolder, 'install.lock'),
    async () => {
      const why = whyInstall(root, pinnedNodeName);
      if (why === null) return;
      console.log(`Installing packages, which takes a minute or two: ${why}.`);
      const npm = findNpm();
      // Installs dev and optional packages whatever the user's npm settings, because the pinned
      // Node is among them.
      const code = await runInForeground(
        npm.command,
        [...npm.args, 'ci', '--include=dev', '--include=optional', '--loglevel=error'],
        { cwd: root },
      );
      if (code !== 0) {
        throw new SetupError(
          'npm could not install the packages; see its output above. Nothing was started.',
        );
      }
      const stillWhy = whyInstall(root, pinnedNodeName);
      if (stillWhy !== null) {
        throw new SetupError(`npm reported success, but ${stillWhy}.`);
      }
    },
    (holder) => console.log(`Waiting for process ${holder}, which installs the packages.`),
  );
}

/**
 * Finds the npm that started this process, or else the npm on the path.
 * @returns {{ command: string, args: string[] }}
 */
function findNpm() {
  const caller = process.env.npm_execpath;
  const isNpm = caller !== undefined && /npm-cli\.[cm]?js$/.test(caller) && existsSync(caller);
  const npm = isNpm
    ? { command: process.execPath, args: [caller] }
    : { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
  const answer = spawnSync(npm.command, [...npm.args, '--version'], { encoding: 'utf8' });
  if (answer.error !== undefined || answer.status !== 0) {
    throw new SetupError('npm is needed to install the packages; it comes with Node.js.');
  }
  if (Number.parseInt(answer.stdout, 10) < NPM_MAJOR_MIN) {
    throw new SetupError(
      `npm ${answer.stdout.trim()} cannot read the lockfile; npm ${NPM_MAJOR_MIN} or later can.`,
    );
  }
  return npm;
}

/**
 * Finds the pinned Node among the packages, or else uses the running Node if it is new enough.
 * @returns {string}
 * @throws {SetupError} When neither exists.
 */
export function findNode() {
  const pinned = join(
    root,
    'node_modules',
    pinnedNodeName,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (existsSync(pinned) && canRun(pinned)) return pinned;
  if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR_MIN) return process.execPath;
  throw new SetupError(
    `Farandole needs Node.js ${NODE_MAJOR_MIN} or later. It includes one for Linux and Windows, ` +
      `for ${process.platform} on ${process.arch} with this C library, ` +
      `and yours is ${process.version}. Please install Node.js ${NODE_MAJOR_MIN}.`,
  );
}

/**
 * @param {string} program
 * @returns {boolean} False if the program can't run here, for example because of another C library.
 */
function canRun(program) {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Variables of glibc's allocator, which have no effect without glibc. By default most of a node's
 * dozen threads have an arena of their own, and the node takes about 12 MiB more. The threshold from
 * which a block is mapped alone is glibc's default, but setting it keeps glibc from raising it. Freed
 * blocks then leave about 10 MiB less of gaps.
 */
export const MALLOC = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072' };

/**
 * Returns the environment of child programs. It puts the pinned `node` first and sets a compile
 * cache, because each program loads hundreds of files.
 * @param {string} node
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentWith(node) {
  const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH ?? ''];
  return {
    NODE_COMPILE_CACHE: join(stampsFolder, 'compiled'),
    ...MALLOC,
    ...process.env,
    PATH: path.join(delimiter),
  };
}

/**
 * Finds the script of a tool, for `node` to run. The shims in .bin aren't used, because they differ
 * between systems.
 * @param {string} packageName
 * @param {string} [tool] By default the package's only tool.
 * @returns {string}
 */
export function findTool(packageName, tool) {
  const folder = join(root, 'node_modules', ...packageName.split('/'));
  const { bin } = /** @type {{ bin: string | Record<string, string> }} */ (
    JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  );
  const file =
    typeof bin === 'string' ? bin : tool === undefined ? Object.values(bin)[0] : bin[tool];
  if (file === undefined) throw new Error(`${packageName} has no tool named ${tool}.`);
  return join(folder, file);
}
