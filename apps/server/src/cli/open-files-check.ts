import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { LOCK_FILE } from '../node/folder-lock.ts';
import type { Finding } from './finding.ts';

/** Files that a node has open beside its connections: store, pages, database, other nodes. */
const OTHER_FILES = 500;

/**
 * Compares the limit of open files with the maximum of connections. Reads the limit of the running
 * server, or of this process if none runs on this machine.
 */
export async function examineOpenFiles({
  dataDir,
  connectionsMax,
}: Pick<Config, 'dataDir' | 'connectionsMax'>): Promise<readonly Finding[]> {
  const about = 'openfiles';
  const server = await processWithLock(join(dataDir, LOCK_FILE));
  const limit = await limitOf(server ?? 'self');
  if (limit === null) return [];
  const who = server === null ? 'a process started here' : 'the running server';
  const says = `${who} may open ${limit} files`;
  if (limit >= connectionsMax + OTHER_FILES) {
    return [{ about, is: 'ok', says: `${says}, enough for ${connectionsMax} connections` }];
  }
  const fix = `set LimitNOFILE=${connectionsMax + OTHER_FILES} in the server's unit, or lower FARANDOLE_CONNECTIONS_MAX`;
  return [
    {
      about,
      // The shell of this command can have another limit than the server.
      is: server === null ? 'warn' : 'fail',
      says: `${says}, too few for FARANDOLE_CONNECTIONS_MAX=${connectionsMax}: ${fix}`,
    },
  ];
}

/** Returns the id of the process that has locked a file; null if no process of this machine has. */
async function processWithLock(path: string): Promise<string | null> {
  const found = await stat(path).catch(() => null);
  const locks = await readFile('/proc/locks', 'utf8').catch(() => '');
  if (found === null) return null;
  for (const line of locks.split('\n')) {
    // 1: POSIX  ADVISORY  WRITE 1234 fe:01:5678 0 EOF
    const [, , , , pid, file = ''] = line.trim().split(/ +/);
    if (pid !== undefined && file.endsWith(`:${found.ino}`) && Number(pid) > 0) return pid;
  }
  return null;
}

/** Returns the hard limit, to which Node raises its own at the start. Null where it is unknown. */
async function limitOf(pid: string): Promise<number | null> {
  const limits = await readFile(`/proc/${pid}/limits`, 'utf8').catch(() => '');
  const [, hard] = /^Max open files +\S+ +(\S+)/m.exec(limits) ?? [];
  if (hard === undefined) return null;
  return hard === 'unlimited' ? Number.MAX_SAFE_INTEGER : Number(hard);
}
