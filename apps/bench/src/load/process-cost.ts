import { readdirSync, readFileSync } from 'node:fs';

/**
 * CPU time of a process so far, user and system, in µs: the time that the scheduler of Linux gave
 * to each of its threads (`/proc/PID/task/TID/schedstat`, nanoseconds). A thread that has ended is
 * not counted any more; the programs measured here keep theirs.
 */
export function cpuMicrosecondsOf(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  let nanoseconds = 0;
  for (const task of readdirSync(tasks)) {
    nanoseconds += Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]);
  }
  return nanoseconds / 1_000;
}

/** The same of its main thread alone, which is the one that relays. */
export function mainCpuMicrosecondsOf(pid: number): number {
  const line = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8');
  return Number(line.split(' ')[0]) / 1_000;
}

/** What a piece of work cost a process, in µs of CPU. */
export async function cpuOf(pid: number, work: () => Promise<void>): Promise<number> {
  const before = cpuMicrosecondsOf(pid);
  await work();
  return cpuMicrosecondsOf(pid) - before;
}
