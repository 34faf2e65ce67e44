import { spawnSync } from 'node:child_process';
import { setPriority } from 'node:os';

const NICENESS = 19;

/**
 * Gives this process only the CPU time that other processes leave. Real attackers run elsewhere, so
 * an attacking process must not slow the server.
 *
 * A process that only has a low priority finishes its time slice before a waking process runs,
 * which takes milliseconds. With SCHED_IDLE the process yields at once (sched(7)).
 */
export function stepBack(): void {
  const [command, ...args] = ['chrt', '--idle', '--all-tasks', '--pid', '0', String(process.pid)];
  if (spawnSync(command, args).status !== 0) setPriority(NICENESS);
}
