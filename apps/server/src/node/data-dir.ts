import { access, constants, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf, StartError } from '../start-error.ts';
import { flushFolder, removeUnfinished } from './durable-file.ts';
import { lockFolder } from './folder-lock.ts';

/** The folder that this process alone writes until `release`. */
export interface DataDir {
  readonly path: string;
  release(): Promise<void>;
}

/**
 * Makes the folder where there is none, sees to it that it can be written, and keeps other servers
 * out of it. The lock of a process that is gone is taken over, and what it had not finished is removed.
 *
 * @throws StartError when it is no folder, cannot be written, or another server uses it.
 */
export async function openDataDir(path: string): Promise<DataDir> {
  let isFolder: boolean;
  try {
    await makeFolder(path);
    isFolder = (await stat(path)).isDirectory();
    if (isFolder) await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unusable(path, codeOf(error), error);
  }
  if (!isFolder) throw unusable(path, 'ENOTDIR', null);
  try {
    // One folder may have several names, and a name may come to mean another.
    const real = await realpath(path);
    const release = await lockFolder(real);
    try {
      await removeUnfinished(real);
    } catch (error) {
      await release();
      throw error;
    }
    return { path: real, release };
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw unusable(path, codeOf(error), error);
  }
}

function unusable(path: string, code: string | null, cause: unknown): StartError {
  const why =
    code === 'ENOTDIR'
      ? 'something that is no folder is in its place'
      : `this process may not make or write it (${code ?? 'unknown reason'})`;
  return new StartError(
    `The data folder ${path} cannot be used: ${why}. Give another by FARANDOLE_DATA_DIR.`,
    { cause },
  );
}

/**
 * As `mkdir -p`. Node's own `recursive` never ends where the system denies that a parent exists. What it
 * makes survives a loss of power, and so does what is flushed in it later.
 */
async function makeFolder(path: string): Promise<void> {
  const above = dirname(path);
  try {
    await mkdir(path, { mode: 0o700 });
    await flushFolder(above);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    if (codeOf(error) !== 'ENOENT' || above === path) throw error;
    await makeFolder(above);
    await mkdir(path, { mode: 0o700 });
    await flushFolder(above);
  }
}
