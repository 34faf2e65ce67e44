import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './process.ts';

const run = promisify(execFile);

/** User without privileges, which owns nothing on the machine (`nobody` of Debian). */
const STRANGER = 65_534;

export interface Release {
  readonly archive: string;
  /** Folder of the archive, its bill of materials and their checksums. */
  readonly folder: string;
}

export interface Installed {
  /** Command prefix that runs `bin/farandole` as a user who can write only the data folder. */
  readonly command: readonly [string, ...string[]];
  /** The unpacked archive. */
  readonly program: string;
  readonly dataDir: string;
  /** Empty folder that only contains the program and the data folder. */
  readonly folder: string;
}

/** Builds the archive of this working copy in a new folder. */
export async function buildRelease(): Promise<Release> {
  const folder = await mkdtemp(join(tmpdir(), 'farandole-release-'));
  await run(process.execPath, [join(ROOT, 'scripts', 'release.mjs'), '--to', folder]);
  const name = (await readdir(folder)).find((file) => file.endsWith('.tar.gz'));
  if (name === undefined) throw new Error(`${folder} has no archive`);
  return { archive: join(folder, name), folder };
}

/**
 * Unpacks an archive as an operator does. If this process is root, the program belongs to root and
 * runs as `nobody`, who owns the data folder only.
 */
export async function installRelease({ archive }: Release): Promise<Installed> {
  const folder = await mkdtemp(join(tmpdir(), 'farandole-installed-'));
  await chmod(folder, 0o755);
  await run('tar', ['--extract', '--no-same-owner', `--file=${archive}`, `--directory=${folder}`]);
  const [name = ''] = await readdir(folder);
  const program = join(folder, name);
  const dataDir = join(folder, 'data');
  await mkdir(dataDir, { mode: 0o700 });
  const file = join(program, 'bin', 'farandole');
  if (process.getuid?.() !== 0) {
    await run('chmod', ['--recursive', 'a-w', program]);
    return { command: [file], program, dataDir, folder };
  }
  await chown(dataDir, STRANGER, STRANGER);
  const ids = [`--reuid=${STRANGER}`, `--regid=${STRANGER}`, '--clear-groups', '--no-new-privs'];
  return { command: ['setpriv', ...ids, file], program, dataDir, folder };
}

export async function removeRelease({ folder }: Pick<Installed, 'folder'>): Promise<void> {
  await run('chmod', ['--recursive', 'u+w', folder]);
  await rm(folder, { recursive: true, force: true });
}
