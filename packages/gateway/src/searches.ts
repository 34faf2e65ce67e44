import type { GatewayContext } from './context.ts';
import { send } from './outbox.ts';
import type { Search } from './search.ts';

/** Submits a search with its wait. Idempotent. */
export function submitSearch(context: GatewayContext, search: Search): void {
  search.place = { state: 'in-pool' };
  const waitedMs = Math.max(0, context.now.monotonicMs - search.startedAtMs);
  context.ports.matchmaker.submit(search.ticket, waitedMs);
}

/** Resubmits under a new id, so that late events of the spent ticket don't apply. */
export function resubmitSearch(context: GatewayContext, search: Search): void {
  context.renewTicket(search);
  submitSearch(context, search);
}

/** Withdraws a search without a socket. Keeps the wait and cancels a promise. */
export function parkSearch(context: GatewayContext, search: Search): void {
  search.place = { state: 'parked' };
  context.ports.matchmaker.withdraw(search.ticket.id);
}

export function endSearch(context: GatewayContext, search: Search): void {
  context.removeSearch(search);
  search.session.apply({ event: 'ended' });
  context.ports.matchmaker.withdraw(search.ticket.id);
}

/** Ends a search and notifies the page; it is never matched afterwards. */
export function withdrawSearch(context: GatewayContext, search: Search): void {
  endSearch(context, search);
  send(context, search.session, 'ticket.withdrawn', { ticket: search.clientTicket });
}
