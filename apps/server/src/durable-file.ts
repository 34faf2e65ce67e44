import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Replaces a file by another content, so that whatever happens the old one or the new one is
 * there, whole: written beside it, flushed, renamed, and the folder flushed.
 *
 * @throws the system's error; the old file is then untouched.
 */
export async function replaceFile(path: string, content: string): Promise<void> {
  const fresh = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    const file = await open(fresh, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
  await flushFolder(dirname(path));
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
