import { spawnSync } from 'node:child_process';
import { setPriority } from 'node:os';
import { HostileCrew, type Orders } from './hostile-crew.ts';

/**
 * Real attackers run on other machines. Here the attacking processes get only the CPU time that
 * the server leaves, so that they don't slow the server.
 */
const NICENESS = 19;

export type HostileRequest =
  | { readonly do: 'strike'; readonly orders: Orders }
  | { readonly do: 'tell' };

stepBack();

let crew: HostileCrew | null = null;

process.on('message', (message) => {
  const request = message as HostileRequest;
  if (request.do === 'strike') crew = new HostileCrew(request.orders);
  process.send?.(crew?.harm ?? null);
});
process.once('disconnect', () => process.exit(0));

/**
 * A process that only has a low priority finishes its time slice before a waking process runs,
 * which takes milliseconds. With SCHED_IDLE it yields at once (sched(7)).
 */
function stepBack(): void {
  const [command, ...args] = ['chrt', '--idle', '--all-tasks', '--pid', '0', String(process.pid)];
  if (spawnSync(command, args).status !== 0) setPriority(NICENESS);
}
