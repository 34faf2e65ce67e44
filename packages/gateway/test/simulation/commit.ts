import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Returns the commit of the working copy, or `an unknown commit` if git is missing. */
export function commitOf(): string {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const { status, stdout } = spawnSync('git', ['describe', '--always', '--dirty'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : 'an unknown commit';
}
