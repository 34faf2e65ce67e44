import type { GatewayContext } from './context.ts';
import { isOpen, type Wanted } from './door.ts';
import { send } from './outbox.ts';
import type { Search } from './search.ts';
import type { Session } from './session.ts';

/**
 * Submits a search to the pool with the time it has waited. Submitting the same search again
 * changes nothing.
 */
export function submitSearch(context: GatewayContext, search: Search): void {
  if (mustWait(context, search.session) || !isOpen(context, wantedBy(search))) {
    // The search goes to the pool when the session moves, the facts arrive or the hour begins.
    search.place = { state: 'parked' };
    return;
  }
  search.place = { state: 'in-pool' };
  const waitedMs = Math.max(0, context.now.monotonicMs - search.startedAtMs);
  context.ports.matchmaker.submit(search.ticket, waitedMs);
}

/** Returns what a search wants of the published hours. A private meeting is in the open pool. */
export function wantedBy({ mode, ticket }: Search): Wanted {
  return { mode, community: ticket.community };
}

/**
 * Whether a session must not be matched here now: its socket is on another node, this node drains,
 * or its user's facts aren't read since it came from another node.
 */
function mustWait(context: GatewayContext, { connection, isRead }: Session): boolean {
  if (context.ports.nodes === undefined || connection === null) return false;
  if (!isRead) return true;
  return context.isDraining || context.connections.get(connection)?.isForwarded === true;
}

/**
 * Submits a search again under a new ticket id, so that late events for the old id don't affect
 * it.
 */
export function resubmitSearch(context: GatewayContext, search: Search): void {
  context.renewTicket(search);
  submitSearch(context, search);
}

/**
 * Takes a search out of the pool because its session lost the socket. Keeps the waiting time and
 * cancels a confirmed proposal.
 */
export function parkSearch(context: GatewayContext, search: Search): void {
  search.place = { state: 'parked' };
  context.ports.matchmaker.withdraw(search.ticket.id);
}

export function endSearch(context: GatewayContext, search: Search): void {
  context.removeSearch(search);
  search.session.apply({ event: 'ended' });
  context.ports.matchmaker.withdraw(search.ticket.id);
}

/** Ends a search for good and notifies the page. */
export function withdrawSearch(context: GatewayContext, search: Search): void {
  endSearch(context, search);
  send(context, search.session, 'ticket.withdrawn', { ticket: search.clientTicket });
}
