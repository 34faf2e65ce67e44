import { access, constants, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { diskFault } from '@farandole/storage/disk-fault';
import { StoreError } from '@farandole/storage/store-error';
import type { Config } from '../config.ts';
import { codeOf, StartError } from '../start-error.ts';
import { flushFolder, removeUnfinished } from './durable-file.ts';
import { lockFolder } from './folder-lock.ts';

/** A data folder that is locked for this process until `release`. */
export interface DataDir {
  readonly path: string;
  release(): Promise<void>;
}

/**
 * Creates the data folder if it is missing, checks that it is writable, and locks it. Removes
 * the unfinished files of a killed process.
 *
 * @throws StartError if the path isn't a folder, isn't writable, or is in use by another server
 */
export async function openDataDir(path: string): Promise<DataDir> {
  let isFolder: boolean;
  try {
    await makeFolder(path);
    isFolder = (await stat(path)).isDirectory();
    if (isFolder) await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unusable(path, error);
  }
  if (!isFolder) throw unusable(path, Object.assign(new Error(), { code: 'ENOTDIR' }));
  try {
    // The folder's real path is locked, because a folder may have several names and a link may
    // change later.
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
    throw unusable(path, error);
  }
}

function unusable(path: string, cause: unknown): StartError {
  const code = codeOf(cause) ?? 'unknown reason';
  const why =
    code === 'ENOTDIR'
      ? 'it is not a folder.'
      : (diskFault(code) ?? `this process can't create or write it (${code}).`);
  return new StartError(
    `The data folder ${path} cannot be used: ${why} Give another by FARANDOLE_DATA_DIR.`,
    { cause },
  );
}

/**
 * Returns a StartError that names the cause, if an error of the disk prevents a node's start.
 * Returns any other error unchanged.
 */
export function asStartError(
  { dataDir, databaseUrl }: Pick<Config, 'dataDir' | 'databaseUrl'>,
  error: unknown,
): unknown {
  if (error instanceof StartError) return error;
  // The codes of a database elsewhere say nothing about this disk.
  if (error instanceof StoreError && databaseUrl !== null) return error;
  const cause = error instanceof StoreError ? error.cause : error;
  return diskFault(codeOf(cause) ?? '') === null ? error : unusable(dataDir, cause);
}

/**
 * Creates a folder and its parents, as `mkdir -p` does. Node's `recursive` option loops forever if
 * the system denies that a parent exists. New folders are flushed, so that they survive a power
 * loss.
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
