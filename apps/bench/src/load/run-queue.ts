import { readdirSync, readFileSync } from 'node:fs';

/**
 * Time the threads of a process waited for a core so far, in µs (`/proc/PID/task/TID/schedstat`,
 * second figure, nanoseconds).
 */
export function waitedMicrosecondsOf(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  let nanoseconds = 0;
  for (const task of readdirSync(tasks)) {
    nanoseconds += Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[1]);
  }
  return nanoseconds / 1_000;
}
