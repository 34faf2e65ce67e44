/** A process of attackers: strikes as it is told over IPC, and says what it did when it is asked. */

import { setPriority } from 'node:os';
import { HostileCrew, type Orders } from './hostile-crew.ts';

/** Attackers have machines of their own. Here they may have what the server leaves them. */
const NICENESS = 15;

export type HostileRequest =
  | { readonly do: 'strike'; readonly orders: Orders }
  | { readonly do: 'tell' };

setPriority(NICENESS);

let crew: HostileCrew | null = null;

process.on('message', (message) => {
  // Only the fleet that forked this process speaks to it.
  const request = message as HostileRequest;
  if (request.do === 'strike') crew = new HostileCrew(request.orders);
  process.send?.(crew?.harm ?? null);
});
process.once('disconnect', () => process.exit(0));
