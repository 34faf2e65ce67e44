import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { access, constants, mkdir, open, readdir, realpath, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf, StartError } from './start-error.ts';

/** The folder that this process alone writes until `release`. */
export interface DataDir {
  readonly path: string;
  release(): Promise<void>;
}

/** `server-PID-START-RANDOM.lock`: the name says all, so that no lock is ever half written. */
const LOCK_NAME = /^server-([1-9][0-9]*)-([0-9]+|unknown)-[0-9a-f]{12}\.lock$/;

/** The locks of this very process: a process id alone does not tell its own servers apart. */
const heldHere = new Set<string>();

/**
 * Makes the folder where there is none, sees to it that it can be written, and keeps other servers
 * out of it. The lock of a process that is gone is taken over.
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
    return await lockFolder(await realpath(path));
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

/** As `mkdir -p`. Node's own `recursive` never ends where the system denies that a parent exists. */
async function makeFolder(path: string): Promise<void> {
  const above = dirname(path);
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    if (codeOf(error) !== 'ENOENT' || above === path) throw error;
    await makeFolder(above);
    await mkdir(path, { mode: 0o700 });
  }
}

/**
 * Puts this process's lock beside the others' and then looks at those. Of two that start at once
 * the later one sees the earlier one's, so at most one gets in.
 */
async function lockFolder(path: string): Promise<DataDir> {
  const random = randomBytes(6).toString('hex');
  const name = `server-${process.pid}-${startOf(process.pid)}-${random}.lock`;
  const own = join(path, name);
  heldHere.add(name);
  const release = async (): Promise<void> => {
    heldHere.delete(name);
    await rm(own, { force: true });
  };
  try {
    await (await open(own, 'wx', 0o600)).close();
    for (const other of await readdir(path)) {
      const [, pid, start] = LOCK_NAME.exec(other) ?? [];
      if (other === name || pid === undefined || start === undefined) continue;
      if (isHeld(other, Number(pid), start)) {
        throw new StartError(
          `Another server (process ${pid}) uses the data folder ${path}. ` +
            'End it first, or give this one a folder of its own by FARANDOLE_DATA_DIR.',
        );
      }
      await rm(join(path, other), { force: true });
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { path, release };
}

function isHeld(name: string, pid: number, start: string): boolean {
  if (pid === process.pid) return heldHere.has(name);
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

const UNKNOWN_START = 'unknown';

/** When a process began, in ticks since the machine's start (proc(5), field 22). */
function startOf(pid: number): string {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name in parentheses and may hold spaces.
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? UNKNOWN_START;
  } catch {
    return UNKNOWN_START;
  }
}
