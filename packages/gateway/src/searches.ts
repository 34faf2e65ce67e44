import type { GatewayContext } from './context.ts';
import { send } from './outbox.ts';
import type { Search } from './search.ts';

/** Puts a search into the pool, with the time it has waited; where it is already, nothing changes. */
export function submitSearch(context: GatewayContext, search: Search): void {
  search.place = { state: 'in-pool' };
  const waitedMs = Math.max(0, context.now.monotonicMs - search.startedAtMs);
  context.ports.matchmaker.submit(search.ticket, waitedMs);
}

/**
 * Puts a search back into the pool whose ticket was withdrawn or spent. Under a new name, so that
 * no news of the old ticket, still on the way, is taken for news of this one.
 */
export function resubmitSearch(context: GatewayContext, search: Search): void {
  context.renewTicket(search);
  submitSearch(context, search);
}

/**
 * Takes a search out of the pool while its session has no socket. It keeps the time it has waited,
 * and a promise that was given is taken back: `matched` will find the search parked.
 */
export function parkSearch(context: GatewayContext, search: Search): void {
  search.place = { state: 'parked' };
  context.ports.matchmaker.withdraw(search.ticket.id);
}

/** The search is over without a match; the session is idle again. */
export function endSearch(context: GatewayContext, search: Search): void {
  context.removeSearch(search);
  search.session.apply({ event: 'ended' });
  context.ports.matchmaker.withdraw(search.ticket.id);
}

/** The search is over and the page is told so; afterwards it is never matched. */
export function withdrawSearch(context: GatewayContext, search: Search): void {
  endSearch(context, search);
  send(context, search.session, 'ticket.withdrawn', { ticket: search.clientTicket });
}
