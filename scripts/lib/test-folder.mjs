import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folder in memory that most Linux systems have. */
const MEMORY = '/dev/shm';
/** Several times the space that the temporary files of the unit tests take at once. */
const MEMORY_BYTES_MIN = 2 * 1024 ** 3;

/**
 * Creates the folder for the temporary files of the unit tests. It is in memory if the system has
 * enough, because the tests flush files thousands of times. The long tests flush to the disk. The
 * folder is removed when this process ends.
 * @returns {string}
 */
export function testFolder() {
  const folder = mkdtempSync(join(hasMemory() ? MEMORY : tmpdir(), 'farandole-tests-'));
  // PostgreSQL runs as another user if the tests run as root.
  chmodSync(folder, 0o755);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function hasMemory() {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= MEMORY_BYTES_MIN;
  } catch {
    return false;
  }
}
