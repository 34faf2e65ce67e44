import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

/** How often a process flushed and wrote a file. */
export interface FileUse {
  flushes: number;
  writes: number;
}

const STRACE = 'strace';
const FLUSHES = ['fsync', 'fdatasync'];
const WRITES = ['write', 'writev', 'pwrite64', 'pwritev', 'pwritev2'];
/** A line of `strace -f -y`. The second half of an interrupted call is on another line. */
const CALL = /^\d+ +(\w+)\(\d+<([^>]+)>/gm;

/**
 * Runs the work while `strace` follows a process and its threads.
 *
 * @param folder only this folder and the files in it count
 * @param output file for the trace
 * @returns the use of each file by its name
 */
export async function traceDisk(
  {
    pid,
    folder,
    output,
  }: { readonly pid: number; readonly folder: string; readonly output: string },
  work: () => Promise<void>,
): Promise<ReadonlyMap<string, FileUse>> {
  const calls = `trace=${[...FLUSHES, ...WRITES].join()}`;
  const strace = spawn(STRACE, ['-f', '-y', '-e', calls, '-o', output, '-p', String(pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(strace, 'exit');
  // The first line says that the process is attached. Without it, strace has ended.
  const [line] = (await Promise.race([once(strace.stderr, 'data'), ended])) as [unknown];
  if (!/attached/.test(String(line))) throw new Error(`strace: ${String(line)}`);
  await work();
  strace.kill('SIGINT');
  await ended;
  const uses = new Map<string, FileUse>();
  for (const [, call = '', path = ''] of (await readFile(output, 'utf8')).matchAll(CALL)) {
    // A flush of the folder itself makes a new file's name durable.
    if (path !== folder && dirname(path) !== folder) continue;
    const name = path === folder ? '.' : basename(path);
    const use = uses.get(name) ?? { flushes: 0, writes: 0 };
    if (FLUSHES.includes(call)) use.flushes += 1;
    else use.writes += 1;
    uses.set(name, use);
  }
  return uses;
}
