import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const UNFINISHED = /\.[0-9a-f]{12}\.new$/;

/**
 * Replaces a file's content atomically: writes a temporary file, flushes it, renames it, and
 * flushes the folder.
 *
 * @throws the system's error; the old file is then unchanged
 */
export async function replaceFile(path: string, content: string): Promise<void> {
  const fresh = await writeBeside(path, content);
  try {
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
  await flushFolder(dirname(path));
}

/**
 * Writes and flushes a temporary file in the folder of `path`. The caller renames the file.
 *
 * @returns the temporary file's path
 * @throws the system's error; no file is left then
 */
export async function writeBeside(path: string, content: string): Promise<string> {
  const fresh = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    await writeNew(fresh, content);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
  return fresh;
}

async function writeNew(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Removes temporary files that a killed process left. No other process may be writing to the
 * folder.
 */
export async function removeUnfinished(folder: string): Promise<void> {
  const names = await readdir(folder);
  await removeFiles(
    folder,
    names.filter((name) => UNFINISHED.test(name)),
  );
}

/**
 * Writes new files, and flushes the files and their folder. If one fails, removes all of them.
 *
 * @throws the system's error
 */
export async function addFiles(
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  try {
    for (const [name, content] of files) await writeNew(join(folder, name), content);
    await flushFolder(folder);
  } catch (error) {
    await removeFiles(folder, files.keys());
    throw error;
  }
}

export async function removeFiles(folder: string, names: Iterable<string>): Promise<void> {
  for (const name of names) await rm(join(folder, name), { force: true });
}

/** Flushes a folder, so that added and removed file names survive a power loss. */
export async function flushFolder(path: string): Promise<void> {
  // Windows can't open a folder as a file, but writes file names to disk at once.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
