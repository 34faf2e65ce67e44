import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { codeOf, StartError } from '../start-error.ts';

/**
 * Matches the name of a lock, which is `server-PID-START-RANDOM.lock`.
 *
 * A lock is a Unix socket that its process answers while the process lives. Processes in other
 * containers can connect to the socket too, although the PID means nothing to them. If sockets are
 * unsupported or the path is too long, the lock is an empty file, and only its name tells whether
 * the process lives.
 */
const LOCK_NAME = /^server-([1-9][0-9]*)-([0-9]+|unknown)-[0-9a-f]{12}\.lock$/;

/**
 * Names of the locks that this process holds. The set is needed because one process may run several
 * servers with the same PID.
 */
const heldHere = new Set<string>();

/**
 * Adds this process's lock to the folder, then examines the other locks. Of two concurrent starts,
 * at least the later one sees the other's lock, so at most one succeeds. Removes locks of dead
 * processes.
 *
 * @returns a function that removes the lock
 * @throws StartError if another server uses the folder; the system's error
 */
export async function lockFolder(path: string): Promise<() => Promise<void>> {
  const random = randomBytes(6).toString('hex');
  const name = `server-${process.pid}-${startOf(process.pid)}-${random}.lock`;
  heldHere.add(name);
  let giveUp = async (): Promise<void> => {};
  const release = async (): Promise<void> => {
    heldHere.delete(name);
    await giveUp();
  };
  try {
    giveUp = await putLock(join(path, name));
    for (const other of await readdir(path)) {
      const [, pid, start] = LOCK_NAME.exec(other) ?? [];
      if (other === name || pid === undefined || start === undefined) continue;
      if (await isHeld(path, { name: other, pid: Number(pid), start })) {
        throw new StartError(
          `Another server (process ${pid}) uses the data folder ${path}. ` +
            'Stop it first, or set FARANDOLE_DATA_DIR to another folder.',
        );
      }
      await rm(join(path, other), { force: true });
    }
  } catch (error) {
    await release();
    throw error;
  }
  return release;
}

async function putLock(own: string): Promise<() => Promise<void>> {
  // The socket gets its final name only once it answers, because another process may remove a lock
  // that doesn't answer.
  const fresh = `${own}.new`;
  const server = await answerAt(fresh);
  if (server === null) {
    await (await open(own, 'wx', 0o600)).close();
    return () => rm(own, { force: true });
  }
  const giveUp = async (): Promise<void> => {
    await rm(own, { force: true });
    const closed = once(server, 'close');
    server.close();
    await closed;
  };
  try {
    await rename(fresh, own);
  } catch (error) {
    await giveUp();
    throw error;
  }
  return giveUp;
}

/** Listens on a Unix socket. Returns null if the system can't create the socket. */
async function answerAt(path: string): Promise<Server | null> {
  const server = createServer((socket) => socket.destroy());
  try {
    server.listen(path);
    await once(server, 'listening');
  } catch {
    return null;
  }
  // The lock's socket must not keep the process alive.
  server.unref();
  return server;
}

interface Lock {
  readonly name: string;
  readonly pid: number;
  readonly start: string;
}

async function isHeld(folder: string, { name, pid, start }: Lock): Promise<boolean> {
  if (heldHere.has(name)) return true;
  const path = join(folder, name);
  try {
    if ((await lstat(path)).isSocket()) return await answers(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
  if (pid === process.pid || !isAlive(pid)) return false;
  // Another process may have got this PID in the meantime, so the start times are compared.
  const startNow = startOf(pid);
  return start === startNow || start === UNKNOWN_START || startNow === UNKNOWN_START;
}

/** Returns whether a process has this socket open, even if that process is stopped or busy. */
async function answers(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    const code = codeOf(error);
    return code !== 'ECONNREFUSED' && code !== 'ENOENT';
  } finally {
    socket.destroy();
  }
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

/** Returns the start time of a process, in ticks since boot (proc(5), field 22). */
function startOf(pid: number): string {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field of the line is the program's name in parentheses. The name may contain
    // spaces, so fields are counted from the closing parenthesis.
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? UNKNOWN_START;
  } catch {
    return UNKNOWN_START;
  }
}
