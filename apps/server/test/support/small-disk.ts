import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { codeOf } from '../../src/start-error.ts';
import type { Ends } from './ends.ts';
import { temporaryFolder } from './test-server.ts';

const run = promisify(execFile);
const FILLER = 'filler';
const UNSHARE = 'unshare';
const IN_NAMESPACE = ['--user', '--map-root-user', '--mount'];

/**
 * A disk in memory that may fill up or become read-only. It is mounted in a namespace of its own,
 * which needs no privilege. Only processes started with the prefix `within` see it as `path`.
 */
export class SmallDisk {
  readonly path: string;
  readonly within: readonly string[];
  /** Path under which the test itself reaches the disk. */
  readonly here: string;

  private constructor(path: string, pid: number) {
    this.path = path;
    this.within = ['nsenter', '-t', String(pid), '-U', '-m', '--preserve-credentials', '--'];
    this.here = join('/proc', String(pid), 'root', path);
  }

  static async mount(t: Ends, mebibytes: number): Promise<SmallDisk> {
    const path = await temporaryFolder(t);
    const script = `mount -t tmpfs -o mode=700,size=${mebibytes}m tmpfs "$1" && echo ready && exec cat`;
    const args = [...IN_NAMESPACE, 'sh', '-c', script, 'sh', path];
    const holder = spawn(UNSHARE, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    t.after(() => holder.kill('SIGKILL'));
    await Promise.race([
      once(holder.stdout, 'data'),
      once(holder, 'exit').then(() => {
        throw new Error('This system mounts no tmpfs in a user namespace.');
      }),
    ]);
    return new SmallDisk(path, holder.pid ?? 0);
  }

  /** Takes all free space. */
  async fill(): Promise<void> {
    const file = await open(join(this.here, FILLER), 'w');
    try {
      let chunk = Buffer.alloc(64 * 1024);
      while (chunk.length > 0) {
        try {
          await file.write(chunk);
        } catch (error) {
          if (codeOf(error) !== 'ENOSPC') throw error;
          chunk = chunk.subarray(0, chunk.length >> 1);
        }
      }
    } finally {
      await file.close();
    }
  }

  async makeRoom(): Promise<void> {
    await rm(join(this.here, FILLER));
  }

  /**
   * Makes the folder read-only by a second, read-only mount of it. A process that runs keeps its
   * open files, as Linux refuses to make a disk read-only while a process writes to it.
   */
  async makeReadOnly(): Promise<void> {
    await this.#run('mount', '--bind', this.path, this.path);
    await this.#run('mount', '-o', 'remount,bind,ro', this.path);
  }

  async makeWritable(): Promise<void> {
    await this.#run('umount', this.path);
  }

  async #run(...words: readonly string[]): Promise<void> {
    const [command = '', ...args] = [...this.within, ...words];
    await run(command, args);
  }
}
