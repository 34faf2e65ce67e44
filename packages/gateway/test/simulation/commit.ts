import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The commit that this code is of, as far as git can tell; `an unknown commit` without it. */
export function commitOf(): string {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const { status, stdout } = spawnSync('git', ['describe', '--always', '--dirty'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : 'an unknown commit';
}
