import { once } from 'node:events';
import { open, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { codeOf, StartError } from '../start-error.ts';

/** An empty SQLite file, which a server keeps locked while it uses the data folder. */
export const LOCK_FILE = 'node.lock';

/** SQLite's result code for a file that another connection has locked. */
const SQLITE_BUSY = 5;
/** Matches the sockets by which versions up to 0.1.0 lock a data folder. */
const SOCKET_NAME = /^server-[1-9][0-9]*-[0-9a-z]+-[0-9a-f]{12}\.lock$/;

/**
 * Locks a data folder with a lock that SQLite holds on a file. The kernel releases it when the
 * process ends, however that happens. It also excludes servers of other containers of the machine.
 *
 * @returns a function that releases the lock; the file stays, because removing it would let two
 * servers lock two files of the same name
 * @throws StartError if another server uses the folder; the system's error
 */
export async function lockFolder(path: string): Promise<() => Promise<void>> {
  const lock = await lockFile(join(path, LOCK_FILE), () => inUse(path));
  const release = async (): Promise<void> => lock.close();
  try {
    await refuseOldServers(path);
  } catch (error) {
    await release();
    throw error;
  }
  return release;
}

/**
 * Creates a file and locks it for this process.
 *
 * @returns an object whose `close` unlocks the file
 * @throws the result of `refusal` if another process has locked the file; StartError if the file
 * system has no locks; the system's error
 */
export async function lockFile(
  file: string,
  refusal: () => StartError,
): Promise<Pick<DatabaseSync, 'close'>> {
  await createFile(file);
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    // With a journal in memory, SQLite creates no second file.
    lock.exec('pragma journal_mode = memory');
    lock.exec('begin exclusive');
    return lock;
  } catch (error) {
    lock.close();
    if (!(error instanceof Error)) throw error;
    if ('errcode' in error && error.errcode === SQLITE_BUSY) throw refusal();
    throw new StartError(
      `${file} can't be locked (${error.message}). Its folder needs a file system with file locks, ` +
        'as a local disk has.',
      { cause: error },
    );
  }
}

/**
 * Creates the lock file, which only its owner can read. Never opens an existing one: closing it
 * again would release this process's lock (POSIX).
 */
async function createFile(file: string): Promise<void> {
  try {
    await (await open(file, 'wx', 0o600)).close();
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/**
 * Refuses a folder that a server of version 0.1.0 uses. Removes sockets that killed servers left.
 */
async function refuseOldServers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!SOCKET_NAME.test(name)) continue;
    if (await answers(join(folder, name))) throw inUse(folder);
    await rm(join(folder, name), { force: true });
  }
}

async function answers(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function inUse(folder: string): StartError {
  return new StartError(
    `Another server uses the data folder ${folder}. ` +
      'Stop it first, or set FARANDOLE_DATA_DIR to another folder.',
  );
}
