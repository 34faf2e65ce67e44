import type { Mode } from '@farandole/protocol/fields';
import { heldIn } from './call.ts';
import type { GatewayContext } from './context.ts';
import type { GatewayCounts, GatewaySizes } from './ports.ts';

export function countsOf({ sessions, searches, calls }: GatewayContext): GatewayCounts {
  let detached = 0;
  for (const session of sessions.values()) if (session.connection === null) detached += 1;
  return {
    online: sessions.size - detached,
    detached,
    waiting: searches.size,
    calls: calls.size,
  };
}

/** Number of current calls of one mode whose media takes one route. */
export interface CallCount {
  readonly mode: Mode;
  /**
   * Route of the first picture that a page reported. `unknown` before the first picture, in calls
   * without pictures, and after the users changed between a relayed and a direct connection.
   */
  readonly route: CallRoute;
  readonly calls: number;
}

export const CALL_ROUTES = ['direct', 'relay', 'unknown'] as const;

export type CallRoute = (typeof CALL_ROUTES)[number];

/** Returns the numbers of calls by mode and route. Leaves out those that are 0. */
export function callsOf({ calls }: GatewayContext): readonly CallCount[] {
  const counts = new Map<string, CallCount>();
  for (const { mode, route } of calls.values()) {
    const key = `${mode} ${route}`;
    counts.set(key, { mode, route, calls: (counts.get(key)?.calls ?? 0) + 1 });
  }
  return [...counts.values()];
}

export function sizesOf(context: GatewayContext): GatewaySizes {
  const calls = [...context.calls.values()];
  const seats = calls.flatMap((call) => call.seats);
  const deferred = [...context.sessions.values()].map((session) => session.deferred);
  return {
    connections: context.connections.size,
    sessions: context.sessions.size,
    deadlines: context.deadlines.size,
    silentSockets: context.silent.size,
    admittedTickets: context.admittedTickets.size,
    usedTickets: context.usedTickets.size,
    ageRefusals: context.ageRefusals.size,
    recentBlocks: context.recentBlocks.size,
    reports: context.reports.size,
    restores: context.restores.size,
    pendingWrites: context.pendingWrites,
    offerChars: context.offerCharsBuffered,
    searches: context.searches.size,
    promisedElsewhere: context.promisedElsewhere.size,
    calls: calls.length,
    gates: seats.filter(({ gate }) => gate !== null).length,
    bufferedLines: seats.reduce((sum, { transcript }) => sum + heldIn(transcript), 0),
    deferred: deferred.reduce((sum, each) => sum + (each?.messages.length ?? 0), 0),
    deferredChars: context.deferredChars,
  };
}
