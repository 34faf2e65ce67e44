import { readdirSync, readFileSync } from 'node:fs';

/**
 * CPU time of a process so far, user and system, in µs (`/proc/PID/task/TID/schedstat`,
 * nanoseconds). Ended threads aren't counted.
 */
export function cpuMicrosecondsOf(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  let nanoseconds = 0;
  for (const task of readdirSync(tasks)) {
    nanoseconds += Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]);
  }
  return nanoseconds / 1_000;
}

/** CPU time of the main thread, which relays. */
export function mainCpuMicrosecondsOf(pid: number): number {
  const line = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8');
  return Number(line.split(' ')[0]) / 1_000;
}

export async function cpuOf(pid: number, work: () => Promise<void>): Promise<number> {
  const before = cpuMicrosecondsOf(pid);
  await work();
  return cpuMicrosecondsOf(pid) - before;
}
