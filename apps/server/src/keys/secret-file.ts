import { readFile, stat } from 'node:fs/promises';
import { codeOf, StartError } from '../start-error.ts';

/**
 * A file of keys, which only its owner may read; null where there is none.
 *
 * @throws StartError when others could read it, or nobody can
 */
export async function readSecretFile(path: string): Promise<string | null> {
  try {
    const { mode } = await stat(path);
    // Windows has no such bits.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new StartError(
        `${path} can be read by others than its owner. If nobody has, run: chmod 600 ${path}`,
      );
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    if (error instanceof StartError) throw error;
    throw new StartError(`${path} cannot be read: ${codeOf(error) ?? 'for an unknown reason'}.`, {
      cause: error,
    });
  }
}
