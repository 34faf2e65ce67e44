import { readdirSync, readFileSync } from 'node:fs';

/**
 * How long the threads of a process have waited for a core so far, together, in µs: the time that
 * they could run and others did (`/proc/PID/task/TID/schedstat`, its second figure, nanoseconds).
 */
export function waitedMicrosecondsOf(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  let nanoseconds = 0;
  for (const task of readdirSync(tasks)) {
    nanoseconds += Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[1]);
  }
  return nanoseconds / 1_000;
}
