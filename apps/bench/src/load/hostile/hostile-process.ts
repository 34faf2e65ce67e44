/** A process of attackers: strikes as it is told over IPC, and says what it did when it is asked. */

import { spawnSync } from 'node:child_process';
import { setPriority } from 'node:os';
import { HostileCrew, type Orders } from './hostile-crew.ts';

/** Attackers have machines of their own. Here they may have what the server leaves them. */
const NICENESS = 19;

export type HostileRequest =
  | { readonly do: 'strike'; readonly orders: Orders }
  | { readonly do: 'tell' };

stepBack();

let crew: HostileCrew | null = null;

process.on('message', (message) => {
  // Only the fleet that forked this process speaks to it.
  const request = message as HostileRequest;
  if (request.do === 'strike') crew = new HostileCrew(request.orders);
  process.send?.(crew?.harm ?? null);
});
process.once('disconnect', () => process.exit(0));

/**
 * A process that is merely nice ends its slice before whoever wakes up beside it: milliseconds, where a
 * line takes a fifth of one. One of the class for idle times gives way at once (sched(7), SCHED_IDLE).
 */
function stepBack(): void {
  const [command, ...args] = ['chrt', '--idle', '--all-tasks', '--pid', '0', String(process.pid)];
  if (spawnSync(command, args).status !== 0) setPriority(NICENESS);
}
