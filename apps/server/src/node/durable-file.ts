import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What a process that was killed while it replaced a file leaves beside it. */
const UNFINISHED = /\.[0-9a-f]{12}\.new$/;

/**
 * Replaces a file by another content, so that whatever happens the old one or the new one is
 * there, whole: written beside it, flushed, renamed, and the folder flushed.
 *
 * @throws the system's error; the old file is then untouched.
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
 * Writes a file beside another one, and flushes it; to be renamed, and the folder flushed.
 *
 * @returns its path
 * @throws the system's error; nothing is left then
 */
export async function writeBeside(path: string, content: string): Promise<string> {
  const fresh = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    const file = await open(fresh, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
  return fresh;
}

/** Takes away what `replaceFile` left where it was killed; for when nobody else writes in the folder. */
export async function removeUnfinished(folder: string): Promise<void> {
  const names = await readdir(folder);
  await removeFiles(
    folder,
    names.filter((name) => UNFINISHED.test(name)),
  );
}

/**
 * Adds files whose names nobody has used and nobody knows yet, and flushes them and their folder. When one
 * of them fails, none is left.
 *
 * @throws the system's error
 */
export async function addFiles(
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  try {
    for (const [name, content] of files) {
      const file = await open(join(folder, name), 'wx', 0o600);
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
    }
    await flushFolder(folder);
  } catch (error) {
    await removeFiles(folder, files.keys());
    throw error;
  }
}

export async function removeFiles(folder: string, names: Iterable<string>): Promise<void> {
  for (const name of names) await rm(join(folder, name), { force: true });
}

/** Makes names that were added to a folder, or taken from it, survive a loss of power. */
export async function flushFolder(path: string): Promise<void> {
  // Windows opens no folder as a file, and writes names through by itself.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
