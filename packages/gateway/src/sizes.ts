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
    calls: calls.length,
    gates: seats.filter(({ gate }) => gate !== null).length,
    bufferedLines: seats.reduce((sum, { transcript }) => sum + heldIn(transcript), 0),
    deferred: deferred.reduce((sum, each) => sum + (each?.messages.length ?? 0), 0),
    deferredChars: context.deferredChars,
  };
}
