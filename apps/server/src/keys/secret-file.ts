import { readFile, stat } from 'node:fs/promises';
import { codeOf, StartError } from '../start-error.ts';

/**
 * Reads a key file. Returns null if it is missing.
 *
 * @throws StartError if it is a folder, if other users can read it, or if it can't be read
 */
export async function readSecretFile(path: string): Promise<string | null> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw new StartError(`${path} is a folder, not a file.`);
    // Windows has no permission bits to check.
    if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
      throw new StartError(
        `${path} can be read by other users. If nobody has read it, run: chmod 600 ${path}`,
      );
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    if (error instanceof StartError) throw error;
    const code = codeOf(error) ?? 'for an unknown reason';
    const wayRight = code === 'EACCES' ? ' It must belong to the user who runs this program.' : '';
    throw new StartError(`${path} cannot be read: ${code}.${wayRight}`, { cause: error });
  }
}
