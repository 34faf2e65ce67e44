import { assert, assertDefined, assertNever } from '@farandole/kernel/assert';
import type { MatchId, TicketId } from '@farandole/kernel/id';
import { fitMeeting } from '@farandole/matchmaking/eligibility';
import { fitExchange, learnsFrom } from '@farandole/matchmaking/exchange';
import { startMode } from '@farandole/matchmaking/mode';
import type {
  AddRefusal,
  EpochChanged,
  TicketAbandoned,
  TicketMatched,
  TicketProposed,
  TicketRefused,
} from '@farandole/matchmaking/ports';
import type { Proposal } from '@farandole/matchmaking/proposal';
import { type AtLeastTwo, mapSeats } from '@farandole/matchmaking/seats';
import { type ExchangeCall, isMode, type Mode, SEATS } from '@farandole/protocol/fields';
import { Call, type CallSeat } from './call.ts';
import {
  callReceipt,
  callTransport,
  exchangeOf,
  openCall,
  recordEncounter,
  rungOf,
} from './calls.ts';
import type { GatewayContext } from './context.ts';
import { passLine } from './handlers/chat.ts';
import { GIVEN_WITHIN_MS } from './limits.ts';
import { type FieldsOf, send } from './outbox.ts';
import type { Search, SharedProposal } from './search.ts';
import { resubmitSearch, submitSearch } from './searches.ts';
import type { Session } from './session.ts';
import { refuseSearch } from './session-life.ts';
import { type CheckedSdp, filterCandidates } from './signal-policy/sdp.ts';

/** Submits all searches again, except parked ones. Events of an older epoch are then ignored. */
export function onEpochChanged(context: GatewayContext, event: EpochChanged): void {
  if (context.poolEpoch !== null && event.epoch <= context.poolEpoch) return;
  context.poolEpoch = event.epoch;
  context.promisedElsewhere.clear();
  for (const search of context.searches.values()) {
    if (search.place.state !== 'parked') submitSearch(context, search);
  }
}

export function onProposed(context: GatewayContext, event: TicketProposed): void {
  if (event.epoch !== context.poolEpoch) return;
  const { proposal, ticketId } = event;
  const search = context.searches.get(ticketId);
  // If an event of the pool was still on its way, a resubmitted ticket can be proposed twice.
  if (search !== undefined && !context.maySearch(search)) {
    // Ending the search cancels the proposal, and the other user's search continues.
    const isInMode = context.mayBeIn(search.session, search.mode);
    refuseSearch(context, search.session, isInMode ? 'exchange-closed' : 'pool-full');
    return;
  }
  if (search?.place.state !== 'in-pool') {
    context.ports.matchmaker.reject(proposal.id, ticketId);
    return;
  }
  if (!mayStillMeet(context, proposal)) {
    context.ports.matchmaker.reject(proposal.id, ticketId, !isLocal(context, proposal));
    return;
  }
  search.place = { state: 'promised', proposal: proposal.id };
  const isHome = proposal.tickets[0].node === context.config.node;
  if (isHome && !isLocal(context, proposal)) {
    context.promisedElsewhere.set(proposal.id, { proposal, given: new Map() });
  }
  context.ports.matchmaker.confirm(proposal.id, ticketId);
}

/**
 * Whether the pair may still meet. A block or a moderator's decision may have arrived after the
 * pool's check.
 */
function mayStillMeet(context: GatewayContext, { tickets }: Proposal): boolean {
  const { pairs } = context.ports;
  const { rematchCooldownMs } = context.config.rules;
  const isBlocked = tickets.some((one, at) =>
    tickets.slice(at + 1).some(
      (other) =>
        pairs.keptApart(one, other) ||
        // A pool of an earlier version knows no private meetings, communities and exchanges.
        !fitMeeting(one, other) ||
        one.community !== other.community ||
        !fitExchange(one, other) ||
        startMode(one, other, context.config.rules.modes) === null ||
        // The pool may be on a node that doesn't know of the last meeting.
        (one.node !== other.node &&
          one.meeting === undefined &&
          pairs.metWithin(one, other, rematchCooldownMs)),
    ),
  );
  if (isBlocked) return false;
  return tickets.every(({ id }) => {
    const search = context.searches.get(id);
    // A ticket of another node is checked by that node.
    return search === undefined || context.maySearch(search);
  });
}

export function onAbandoned(context: GatewayContext, event: TicketAbandoned): void {
  if (event.epoch !== context.poolEpoch) return;
  context.promisedElsewhere.delete(event.proposalId);
  const search = context.searches.get(event.ticketId);
  if (search === undefined || search.place.state === 'parked') return;
  const isOlder = search.place.state === 'promised' && search.place.proposal !== event.proposalId;
  if (isOlder) return;
  if (event.ticketIs === 'gone') submitSearch(context, search);
  else search.place = { state: 'in-pool' };
}

/**
 * Opens the call of a match that every node has confirmed. Runs once per ticket of the match.
 * The first run opens the call, and the others find their searches already ended. If a user
 * withdrew, left or lost the socket, or while the node is fenced, no call opens. The other searches
 * then continue and keep their waiting time, and their users aren't notified.
 */
export function onMatched(context: GatewayContext, event: TicketMatched): void {
  if (event.epoch !== context.poolEpoch) return;
  const { proposal, ticketId } = event;
  if (!isLocal(context, proposal)) {
    matchElsewhere(context, proposal, ticketId);
    return;
  }
  const searches = mapSeats(proposal.tickets, ({ id }) => promisedSearch(context, proposal, id));
  // A suspended process gets its waiting messages when it wakes, and is fenced then. By that time its
  // users may be on other nodes, and may have blocked each other there.
  if (areAllThere(searches) && !context.fence.isOn) {
    openMatch(context, proposal, searches);
    return;
  }
  const left = searches[proposal.tickets.findIndex(({ id }) => id === ticketId)];
  if (left !== null && left !== undefined) resubmitSearch(context, left);
}

function isLocal(context: GatewayContext, { tickets }: Proposal): boolean {
  return tickets.every(({ node }) => node === context.config.node);
}

/**
 * Handles a match with users of other nodes. The node of the first ticket is the home of the call
 * and waits for the sessions of the other nodes, which give them now.
 */
function matchElsewhere(context: GatewayContext, proposal: Proposal, ticketId: TicketId): void {
  const home = proposal.tickets[0].node;
  if (home === context.config.node) {
    // Also if the user has left meanwhile, because a session may have been given before.
    const atMs = context.now.monotonicMs + GIVEN_WITHIN_MS;
    context.deadlines.add(atMs, { due: 'given', match: proposal.id });
    return;
  }
  const search = promisedSearch(context, proposal, ticketId);
  if (search === null) return;
  const { connection } = search.session;
  const isGiven =
    connection !== null &&
    mayStillMeet(context, proposal) &&
    context.ports.nodes?.give(connection, home, proposal.id, context.now) === true;
  if (!isGiven) resubmitSearch(context, search);
}

/** Called when the other nodes of a match have had time to give their sessions. */
export function endGivenWait(context: GatewayContext, match: MatchId): void {
  const shared = context.promisedElsewhere.get(match);
  if (shared === undefined) return;
  context.promisedElsewhere.delete(match);
  // A session that was given for nothing is on this node now, and its search moves back.
  for (const search of searchesHere(context, shared)) {
    if (search !== null) resubmitSearch(context, search);
  }
}

/**
 * Takes a session that another node gave for a match, and opens the call with the last one. This is
 * the commit of the session's move.
 *
 * @param readSearch creates the session's search; called only if the session is taken
 * @returns false if the match is over
 */
export function matchGiven(
  context: GatewayContext,
  match: MatchId,
  given: Pick<Session, 'id' | 'subject' | 'device' | 'facts'>,
  readSearch: () => Search | null,
): boolean {
  const shared = context.promisedElsewhere.get(match);
  if (shared === undefined) return false;
  const { proposal } = shared;
  const ticket = proposal.tickets.find(({ session }) => session === given.id);
  const own = promisedSearch(context, proposal, proposal.tickets[0].id);
  if (ticket === undefined || own === null || own.session.connection === null) return false;
  const mayMeet =
    mayStillMeet(context, proposal) &&
    context.mayBeIn(given, own.mode) &&
    !context.isAgeRefused(given);
  const read = mayMeet ? readSearch() : null;
  if (read === null) return false;
  read.place = { state: 'promised', proposal: match };
  shared.given.set(ticket.id, read);
  const searches = searchesHere(context, shared);
  if (areAllThere(searches)) {
    context.promisedElsewhere.delete(match);
    openMatch(context, proposal, searches);
  }
  return true;
}

/** The searches of a match that are on this node and still promised to it, in seat order. */
function searchesHere(
  context: GatewayContext,
  { proposal, given }: SharedProposal,
): AtLeastTwo<Search | null> {
  return mapSeats(proposal.tickets, ({ id }) =>
    promisedSearch(context, proposal, given.get(id)?.ticket.id ?? id),
  );
}

function areAllThere(searches: AtLeastTwo<Search | null>): searches is AtLeastTwo<Search> {
  return searches.every((search) => search !== null);
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

/** Reached only if the gateway and the pool have different matching rules. */
export function onRefused(context: GatewayContext, event: TicketRefused): void {
  if (event.epoch !== context.poolEpoch) return;
  const search = context.searches.get(event.ticketId);
  if (search === undefined) return;
  refuseSearch(context, search.session, clientReason(event.reason));
}

function clientReason(
  reason: AddRefusal,
): 'age-required' | 'policy-changed' | 'pool-full' | 'meeting-over' | 'not-proven' {
  switch (reason) {
    case 'meeting-over':
    case 'not-proven':
      return reason;
    case 'age-state-too-low':
      return 'age-required';
    case 'policy-outdated':
      return 'policy-changed';
    case 'sanctioned':
    case 'mode-unknown':
    case 'age-band-unknown':
    case 'role-unknown':
    case 'pool-full':
      // No pool accepts the ticket. The user isn't told why.
      return 'pool-full';
    default:
      return assertNever(reason);
  }
}

function openMatch(
  context: GatewayContext,
  proposal: Proposal,
  searches: AtLeastTwo<Search>,
): void {
  for (const search of searches) context.removeSearch(search);
  const offererAt = proposal.tickets.findIndex(({ id }) => id === proposal.offerer);
  const mode = startOf(context, proposal);
  const { meeting, community } = proposal.tickets[0];
  const metBy = meeting?.by;
  const isPrivate = metBy !== undefined;
  const facts = {
    match: proposal.id,
    epoch: 1,
    mode,
    offerer: assertDefined(SEATS[offererAt], 'the offerer is not in the proposal'),
    startedAtWallMs: context.now.wallMs,
    ...{ metBy, community },
    exchange: exchangeBetween(proposal),
  };
  const sessions = mapSeats(searches, ({ session }) => session);
  const counters = mapSeats(searches, () => 0);
  const call = new Call(facts, sessions, context.now.monotonicMs, [...counters]);
  openCall(context, call);
  recordEncounter(context, call);
  const first = assertDefined(searches[offererAt], 'each ticket has a search');
  // An offer that was prepared for another mode offers other media.
  const premade = first.mode === mode ? first.offer : null;
  const offer = useOffer(context, call, premade);
  for (const [at, seat] of call.seats.entries()) {
    const search = assertDefined(searches[at], 'each seat has a search');
    sendMatch(context, call, seat, search, proposal, offer);
  }
  for (const [at, { name }] of call.seats.entries()) {
    const question = searches[at]?.question ?? null;
    const id = context.ports.signer.randomId();
    if (question !== null) passLine(context, call, name, { id, text: question });
  }
  const nowMs = context.now.monotonicMs;
  // Only an ordinary search in the open pool shows how long others wait.
  const isOpen = !isPrivate && community === undefined && call.exchange === null;
  const isHour = context.hoursSeen.on.some((hour) => hour.community === undefined);
  const isUsual = isOpen && !isHour;
  for (const { mode: chosen, startedAtMs } of isUsual ? searches : [])
    context.usualWaits.add(chosen, nowMs - startedAtMs, nowMs);
  context.ports.observer.observe({
    event: 'match-found',
    mode: call.mode,
    waitedMs: nowMs - Math.min(...searches.map(({ startedAtMs }) => startedAtMs)),
    match: call.match,
    ...(community !== undefined && { community }),
    ...(call.exchange !== null && { isExchange: true }),
  });
}

/** Returns the mode in which the users start: the lower of two that they chose. */
function startOf({ config }: GatewayContext, { tickets: [a, b] }: Proposal): Mode {
  const mode = startMode(a, b, config.rules.modes);
  assert(isMode(mode), 'a proposal of users who agree to no common mode');
  return mode;
}

/** Returns what the users of a pair learn from each other. Null for ordinary searches. */
function exchangeBetween({ tickets: [a, b] }: Proposal): ExchangeCall | null {
  if (a.exchange === undefined || b.exchange === undefined) return null;
  return { learners: [learnsFrom(a.exchange, b.exchange), learnsFrom(b.exchange, a.exchange)] };
}

/**
 * Returns the offer that the offerer's search carried, filtered by the pair's policy. Null
 * without an offer.
 */
function useOffer(context: GatewayContext, call: Call, premade: CheckedSdp | null): string | null {
  const offerer = call.seat(call.offerer);
  if (premade === null || offerer.gate === null) return null;
  const filtered = filterCandidates(premade, offerer.gate, 'gate');
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
  { name, session }: CallSeat,
  { clientTicket }: Search,
  proposal: Proposal,
  offer: string | null,
): void {
  const role = name === call.offerer ? 'offerer' : 'answerer';
  const fields: FieldsOf<'match.found'> = {
    match: call.match,
    epoch: call.epoch,
    ticket: clientTicket,
    side: name,
    role,
    mode: call.mode,
    ...callTransport(context, call),
    ...rungOf(context, call),
    ...exchangeOf(call),
    receipt: callReceipt(context, call, name),
    sharedInterests: [...proposal.sharedInterests],
    sharedLanguages: [...proposal.sharedLanguages],
    startedAtMs: call.startedAtWallMs,
    offerUsed: offer !== null,
    ...(role === 'answerer' && offer !== null ? { offer } : {}),
  };
  send(context, session, 'match.found', fields);
}
