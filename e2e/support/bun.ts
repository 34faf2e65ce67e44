import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './process.ts';

const ARCH = process.arch === 'arm64' ? 'aarch64' : process.arch;
const BUN = join(ROOT, 'node_modules', '@oven', `bun-linux-${ARCH}`, 'bin', 'bun');

/**
 * Bun and the options with which `npm start` runs it. Null where the optional package isn't
 * installed.
 */
export const BUN_COMMAND: readonly [string, ...string[]] | null = existsSync(BUN)
  ? [BUN, '--no-env-file', '--no-install']
  : null;
