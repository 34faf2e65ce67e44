import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { codeOf, StartError } from '../start-error.ts';

/**
 * A lock is `server-PID-START-RANDOM.lock`, a socket at which its process answers for as long as it
 * lives. Any process that sees the folder can ask there, also one in another container, to which
 * the process's number means nothing. Where the file system has no sockets, or the path is too
 * long for one, it is an empty file, and its name says all.
 */
const LOCK_NAME = /^server-([1-9][0-9]*)-([0-9]+|unknown)-[0-9a-f]{12}\.lock$/;

/** The locks of this very process: a process id alone does not tell its own servers apart. */
const heldHere = new Set<string>();

/**
 * Puts this process's lock beside the others' and then looks at those. Of two that start at once
 * the later one sees the earlier one's, so at most one gets in. The lock of a process that is gone
 * is taken away.
 *
 * @returns what gives the folder free
 * @throws StartError when another server uses the folder, or the system's error
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
            'End it first, or give this one a folder of its own by FARANDOLE_DATA_DIR.',
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
  // It gets its name once it answers: whoever finds a lock that is silent may take it away.
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

/** Null where no socket can be. */
async function answerAt(path: string): Promise<Server | null> {
  const server = createServer((socket) => socket.destroy());
  try {
    server.listen(path);
    await once(server, 'listening');
  } catch {
    return null;
  }
  // A lock keeps no process alive.
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
  // Another process may have been given the number since.
  const startNow = startOf(pid);
  return start === startNow || start === UNKNOWN_START || startNow === UNKNOWN_START;
}

/** Whether somebody listens at a socket. A process that is stopped, or very busy, still does. */
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
