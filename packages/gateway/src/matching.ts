import { assert, assertNever } from '@farandole/kernel/assert';
import type { TicketId } from '@farandole/kernel/id';
import type {
  AddRefusal,
  EpochChanged,
  TicketAbandoned,
  TicketMatched,
  TicketProposed,
  TicketRefused,
} from '@farandole/matchmaking/ports';
import type { Proposal } from '@farandole/matchmaking/proposal';
import type { Side } from '@farandole/protocol/fields';
import { Call } from './call.ts';
import { callReceipt, callTransport, openCall, recordEncounter, videoOffered } from './calls.ts';
import type { GatewayContext } from './context.ts';
import { type FieldsOf, send } from './outbox.ts';
import type { Search } from './search.ts';
import { resubmitSearch, submitSearch } from './searches.ts';
import { refuseSearch } from './session-life.ts';
import { filterSdp } from './signal-policy/sdp.ts';

/**
 * What the pool says, and what the owner of a ticket answers. An event of another epoch than the
 * latest is stale and changes nothing: at the new epoch every open ticket was submitted again.
 */

export function onEpochChanged(context: GatewayContext, event: EpochChanged): void {
  if (context.poolEpoch !== null && event.epoch <= context.poolEpoch) return;
  context.poolEpoch = event.epoch;
  for (const search of context.searches.values()) {
    if (search.place.state !== 'parked') submitSearch(context, search);
  }
}

export function onProposed(context: GatewayContext, event: TicketProposed): void {
  if (event.epoch !== context.poolEpoch) return;
  const { proposal, ticketId } = event;
  const search = context.searches.get(ticketId);
  // Promised elsewhere cannot be: the pool offers a ticket to one at a time. But a ticket that
  // went and came again may be offered twice, once by news that was on the way.
  if (search !== undefined && !context.mayBeIn(search.session, search.mode)) {
    // The proposal ends with the ticket, and the other searches on.
    refuseSearch(context, search.session, 'pool-full');
    return;
  }
  const isFree = search?.place.state === 'in-pool' && mayStillMeet(context, proposal);
  if (search === undefined || !isFree) {
    context.ports.matchmaker.reject(proposal.id, ticketId);
    return;
  }
  search.place = { state: 'promised', proposal: proposal.id };
  context.ports.matchmaker.confirm(proposal.id, ticketId);
}

/** Whether no block, and no decision about either, came between the pool's look and this one. */
function mayStillMeet(context: GatewayContext, { a, b }: Proposal): boolean {
  if (context.ports.pairs.blockedEitherWay(a.subject, b.subject)) return false;
  return [a, b].every(({ id }) => {
    const search = context.searches.get(id);
    // Of one that is not here any more its owner says so.
    return search === undefined || context.mayBeIn(search.session, search.mode);
  });
}

export function onAbandoned(context: GatewayContext, event: TicketAbandoned): void {
  if (event.epoch !== context.poolEpoch) return;
  const search = context.searches.get(event.ticketId);
  if (search === undefined || search.place.state === 'parked') return;
  const isOlder = search.place.state === 'promised' && search.place.proposal !== event.proposalId;
  if (isOlder) return;
  if (event.ticketIs === 'gone') submitSearch(context, search);
  else search.place = { state: 'in-pool' };
}

/**
 * Both owners had confirmed. The call opens if both promises still stand; where one was taken back
 * meanwhile (the person withdrew, left, or lost the socket), the other one searches on, with all
 * the time it has waited, and hears nothing.
 *
 * Told once for each ticket: the first opens the call, the second finds both searches over.
 */
export function onMatched(context: GatewayContext, event: TicketMatched): void {
  if (event.epoch !== context.poolEpoch) return;
  const { proposal, ticketId } = event;
  const { node } = context.config;
  assert(
    proposal.a.node === node && proposal.b.node === node,
    'calls across nodes are not built yet',
  );
  const a = promisedSearch(context, proposal, proposal.a.id);
  const b = promisedSearch(context, proposal, proposal.b.id);
  if (a !== null && b !== null) {
    openMatch(context, proposal, a, b);
    return;
  }
  const left = ticketId === proposal.a.id ? a : b;
  if (left !== null) resubmitSearch(context, left);
}

function promisedSearch(
  context: GatewayContext,
  proposal: Proposal,
  ticketId: TicketId,
): Search | null {
  const search = context.searches.get(ticketId);
  if (search?.place.state !== 'promised' || search.place.proposal !== proposal.id) return null;
  return search;
}

/** The pool's own rules refuse what ours let through only when the two are set up unalike. */
export function onRefused(context: GatewayContext, event: TicketRefused): void {
  if (event.epoch !== context.poolEpoch) return;
  const search = context.searches.get(event.ticketId);
  if (search === undefined) return;
  refuseSearch(context, search.session, clientReason(event.reason));
}

function clientReason(reason: AddRefusal): 'age-required' | 'policy-changed' | 'pool-full' {
  switch (reason) {
    case 'age-state-too-low':
      return 'age-required';
    case 'policy-outdated':
      return 'policy-changed';
    case 'sanctioned':
    case 'mode-unknown':
    case 'age-band-unknown':
    case 'pool-full':
      // No place in any pool of this server, which is all that the person needs to know.
      return 'pool-full';
    default:
      return assertNever(reason);
  }
}

function openMatch(context: GatewayContext, proposal: Proposal, a: Search, b: Search): void {
  context.removeSearch(a);
  context.removeSearch(b);
  const offerer: Side = proposal.offerer === proposal.a.id ? 'a' : 'b';
  const facts = {
    match: proposal.id,
    epoch: 1,
    mode: a.mode,
    offerer,
    startedAtWallMs: context.now.wallMs,
  };
  const call = new Call(facts, a.session, b.session, context.now.monotonicMs, [0, 0]);
  openCall(context, call);
  recordEncounter(context, call);
  const offer = useOffer(context, call, offerer === 'a' ? a : b);
  sendMatch(context, call, 'a', a, proposal, offer);
  sendMatch(context, call, 'b', b, proposal, offer);
  const nowMs = context.now.monotonicMs;
  for (const { startedAtMs } of [a, b]) context.usualWaits.add(a.mode, nowMs - startedAtMs, nowMs);
  context.ports.observer.observe({
    event: 'match-found',
    mode: call.mode,
    waitedMs: nowMs - Math.min(a.startedAtMs, b.startedAtMs),
    match: call.match,
  });
}

/** The offerer's pre-made offer as the pair's policy lets it through, or null. */
function useOffer(context: GatewayContext, call: Call, search: Search): string | null {
  const offerer = call.side(call.offerer);
  if (search.offer === null || offerer.gate === null) return null;
  const filtered = filterSdp(search.offer, {
    type: 'offer',
    gate: offerer.gate,
    candidates: 'gate',
  });
  if (!filtered.ok) {
    context.ports.observer.observe({ event: 'signal-dropped', reason: filtered.reason });
    return null;
  }
  offerer.hasOffered = true;
  return filtered.value.sdp;
}

function sendMatch(
  context: GatewayContext,
  call: Call,
  side: Side,
  search: Search,
  proposal: Proposal,
  offer: string | null,
): void {
  const role = side === call.offerer ? 'offerer' : 'answerer';
  const fields: FieldsOf<'match.found'> = {
    match: call.match,
    epoch: call.epoch,
    ticket: search.clientTicket,
    side,
    role,
    mode: call.mode,
    ...callTransport(context, call),
    ...videoOffered(context, call),
    receipt: callReceipt(context, call, side),
    sharedInterests: [...proposal.sharedInterests],
    sharedLanguages: [...proposal.sharedLanguages],
    startedAtMs: call.startedAtWallMs,
    offerUsed: offer !== null,
    ...(role === 'answerer' && offer !== null ? { offer } : {}),
  };
  send(context, search.session, 'match.found', fields);
}
