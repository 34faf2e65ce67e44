import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  access,
  constants,
  link,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, StartError } from './start-error.ts';

export const LOCK_FILE = 'server.lock';

/** The folder that this process alone writes until `release`. */
export interface DataDir {
  readonly path: string;
  release(): Promise<void>;
}

/** The locks of this very process: a process id alone does not tell its own servers apart. */
const heldHere = new Set<string>();

/**
 * Makes the folder where there is none, sees to it that it can be written, and keeps other servers
 * out of it. The lock of a process that is gone is taken over.
 *
 * @throws StartError when it is no folder, cannot be written, or another server uses it.
 */
export async function openDataDir(path: string): Promise<DataDir> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    if (!(await stat(path)).isDirectory()) throw new StartError(`${path} is not a folder.`);
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof StartError) throw error;
    const code = codeOf(error);
    const why =
      code === 'EEXIST' || code === 'ENOTDIR'
        ? 'something that is no folder is in its place'
        : `this process may not make or write it (${code ?? 'unknown reason'})`;
    throw new StartError(
      `The data folder ${path} cannot be used: ${why}. Give another by FARANDOLE_DATA_DIR.`,
      { cause: error },
    );
  }
  const lock = join(path, LOCK_FILE);
  try {
    await takeLock(path, lock);
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(
      `The data folder ${path} cannot be written (${codeOf(error) ?? 'unknown reason'}). ` +
        'Give another by FARANDOLE_DATA_DIR.',
      { cause: error },
    );
  }
  heldHere.add(lock);
  return {
    path,
    release: async () => {
      heldHere.delete(lock);
      await rm(lock, { force: true });
    },
  };
}

async function takeLock(path: string, lock: string): Promise<void> {
  const own = `${process.pid} ${startOf(process.pid)}\n`;
  const fresh = `${lock}.${randomBytes(6).toString('hex')}`;
  await writeFile(fresh, own, { flag: 'wx', mode: 0o600 });
  try {
    // A link either makes the name or finds it taken, and the file is whole from the start.
    while (!(await tryLink(fresh, lock))) {
      const holder = await readLock(lock);
      if (holder === null) continue;
      if (isHeld(lock, holder)) {
        throw new StartError(
          `Another server (process ${Number.parseInt(holder, 10)}) uses the data folder ${path}. ` +
            'End it first, or give this one a folder of its own by FARANDOLE_DATA_DIR.',
        );
      }
      await removeStale(lock, holder);
    }
  } finally {
    await rm(fresh, { force: true });
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** What a lock says; null when it has just been released. */
async function readLock(lock: string): Promise<string | null> {
  try {
    return await readFile(lock, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Takes a dead process's lock away, unless a living one was faster and has put its own there. */
async function removeStale(lock: string, holder: string): Promise<void> {
  const aside = `${lock}.${randomBytes(6).toString('hex')}`;
  try {
    await rename(lock, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== holder) await tryLink(aside, lock);
  await rm(aside, { force: true });
}

function isHeld(lock: string, holder: string): boolean {
  const [pidText = '', start = ''] = holder.trim().split(' ');
  const pid = Number(pidText);
  // A lock that says nothing protects nothing.
  if (!Number.isInteger(pid) || pid <= 0) return false;
  if (pid === process.pid) return heldHere.has(lock);
  if (!isAlive(pid)) return false;
  // Another process may have been given the number since.
  const startNow = startOf(pid);
  return start === startNow || start === UNKNOWN_START || startNow === UNKNOWN_START;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

const UNKNOWN_START = '-';

/** When a process began, in ticks since the machine's start (proc(5), field 22); `-` where unknown. */
function startOf(pid: number): string {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name in parentheses and may hold spaces.
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? UNKNOWN_START;
  } catch {
    return UNKNOWN_START;
  }
}
