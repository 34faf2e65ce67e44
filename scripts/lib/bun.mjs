import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, SetupError } from '../setup.mjs';

const PLATFORM = process.platform === 'win32' ? 'windows' : process.platform;
const ARCH = process.arch === 'arm64' && PLATFORM !== 'windows' ? 'aarch64' : process.arch;

/** @typedef {{ program: string, options: readonly string[] }} Command */

/** Path of the Bun that npm installs for this machine. */
export const bunProgram = join(
  root,
  'node_modules',
  '@oven',
  `bun-${PLATFORM}-${ARCH}`,
  'bin',
  process.platform === 'win32' ? 'bun.exe' : 'bun',
);

/** Options of Bun: it must neither read `.env` files nor install packages by itself. */
export const BUN_OPTIONS = ['--no-env-file', '--no-install'];

/**
 * Returns the command that runs a program of the server on the runtime that `FARANDOLE_RUNTIME`
 * names. The server itself refuses any other value of the setting.
 * @param {string} node
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Command}
 * @throws {SetupError} When there is no Bun for this machine.
 */
export function runtimeCommand(node, env = process.env) {
  if (env.FARANDOLE_RUNTIME !== 'bun') return { program: node, options: [] };
  if (existsSync(bunProgram)) return { program: bunProgram, options: BUN_OPTIONS };
  throw new SetupError(
    `FARANDOLE_RUNTIME is bun, but npm installs no Bun for ${process.platform} on ${process.arch}. ` +
      'Unset it to run on Node.js.',
  );
}
