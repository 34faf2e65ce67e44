import { existsSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const ARCH = process.arch === 'arm64' ? 'aarch64' : process.arch;
const BUN = join(ROOT, 'node_modules', '@oven', `bun-linux-${ARCH}`, 'bin', 'bun');

export interface RuntimeCommand {
  readonly runtime: 'node' | 'bun';
  /** The program and its options. */
  readonly command: readonly [string, ...string[]];
}

/** Null where the optional package of Bun isn't installed. */
export const ON_BUN: RuntimeCommand | null = existsSync(BUN)
  ? { runtime: 'bun', command: [BUN, '--no-env-file', '--no-install'] }
  : null;

/** The runtimes that are installed here. */
export const RUNTIME_COMMANDS: readonly RuntimeCommand[] = [
  { runtime: 'node', command: [process.execPath] },
  ...(ON_BUN === null ? [] : [ON_BUN]),
];
