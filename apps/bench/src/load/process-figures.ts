/** Reads CPU time, memory and open files of a process from `/proc`, so it works only on Linux. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const RESIDENT_EVERY_MS = 100;

export type Descriptors = Readonly<Record<string, number>>;

/** Counts the open files in `/proc/PID/fd` by kind. */
export function descriptorsOf(pid: number): Descriptors {
  const counts: Record<string, number> = {};
  const folder = `/proc/${pid}/fd`;
  for (const name of readdirSync(folder)) {
    let target: string;
    try {
      target = readlinkSync(`${folder}/${name}`);
    } catch {
      // The process closed the file descriptor after it was listed.
      continue;
    }
    const kind = kindOf(target);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/**
 * @param target target of the symbolic link in `/proc/PID/fd`, such as `socket:[123]`,
 * `anon_inode:[eventpoll]` or `/path/of/a/file`
 */
function kindOf(target: string): string {
  if (target.startsWith('/dev/')) return 'device';
  if (target.startsWith('/')) return 'file';
  if (target.startsWith('anon_inode:'))
    return target.slice('anon_inode:'.length).replace(/[[\]]/g, '');
  return target.replace(/:.*/, '');
}

/** Returns the resident memory of a process in KiB (`VmRSS` of `/proc/PID/status`). */
export function residentKibOf(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  if (kib === undefined) throw new Error(`process ${pid} has no resident memory`);
  return Number(kib);
}

/**
 * Samples resident memory of a process. The returned function stops the sampling and returns the
 * maximum in KiB.
 */
export function watchResidentKib(pid: number): () => number {
  let most = residentKibOf(pid);
  const timer = setInterval(() => {
    most = Math.max(most, residentKibOf(pid));
  }, RESIDENT_EVERY_MS);
  return () => {
    clearInterval(timer);
    return Math.max(most, residentKibOf(pid));
  };
}

/**
 * Returns the CPU time of a process so far, user and system, in µs. Threads that have ended
 * aren't counted.
 */
export function cpuMicrosecondsOf(pid: number): number {
  return sumOf(threadsOf(pid).map((thread) => scheduledOf(pid, thread).ranUs));
}

/**
 * Returns the CPU time of a process's main thread in µs. In a node the main thread relays the
 * messages.
 */
export function mainCpuMicrosecondsOf(pid: number): number {
  return scheduledOf(pid, String(pid)).ranUs;
}

/** Returns the total time for which the process's threads have waited for a core, in µs. */
export function waitedMicrosecondsOf(pid: number): number {
  return sumOf(threadsOf(pid).map((thread) => scheduledOf(pid, thread).waitedUs));
}

export async function cpuOf(pid: number, work: () => Promise<void>): Promise<number> {
  const before = cpuMicrosecondsOf(pid);
  await work();
  return cpuMicrosecondsOf(pid) - before;
}

function threadsOf(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/task`);
}

/** The file `/proc/PID/task/TID/schedstat` has the unit nanoseconds. */
function scheduledOf(pid: number, thread: string): { ranUs: number; waitedUs: number } {
  const line = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8');
  const [ran, waited] = line.split(' ').map(Number);
  return { ranUs: (ran ?? Number.NaN) / 1_000, waitedUs: (waited ?? Number.NaN) / 1_000 };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
