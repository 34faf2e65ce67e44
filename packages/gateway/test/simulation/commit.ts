import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The checkout's commit by git; `an unknown commit` without git. */
export function commitOf(): string {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const { status, stdout } = spawnSync('git', ['describe', '--always', '--dirty'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : 'an unknown commit';
}
